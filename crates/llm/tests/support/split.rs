//! A GGUF cut into several files, as llama.cpp's `gguf-split` does it.

use std::path::{Path, PathBuf};

/// Where tensors begin: multiples of this, unless a file says otherwise.
const ALIGNMENT: usize = 32;

/// Writes `whole` as `count` files `NAME-00001-of-….gguf` into `folder`, the first with everything that describes the
/// model, each with its share of the tensors.
pub(crate) fn split(whole: &Path, folder: &Path, name: &str, count: u16) -> Vec<PathBuf> {
    let bytes = std::fs::read(whole).unwrap();
    let mut input = Input { bytes: &bytes, at: 8 };
    let (tensors, pairs) = (input.long(), input.long());
    let begun = input.at;
    (0..pairs).for_each(|_| input.pair());
    let described = &bytes[begun..input.at];
    assert!(!described.windows(17).any(|key| key == b"general.alignment"), "another alignment");
    let heads: Vec<(&[u8], usize)> = (0..tensors).map(|_| input.tensor()).collect();
    let data = &bytes[input.at.next_multiple_of(ALIGNMENT)..];
    let end = |at: usize| heads.iter().map(|(_, offset)| *offset).filter(|offset| *offset > at).min();
    let held: Vec<(&[u8], &[u8])> =
        heads.iter().map(|(head, at)| (*head, &data[*at..end(*at).unwrap_or(data.len())])).collect();
    let share = held.len().div_ceil(count.into());
    let part = |number: u16| {
        let own = held.chunks(share).nth(number.into()).unwrap_or_default();
        let own_pairs = if number == 0 { pairs + 3 } else { 3 };
        let mut out =
            [b"GGUF", &3_u32.to_le_bytes()[..], &(own.len() as u64).to_le_bytes(), &own_pairs.to_le_bytes()].concat();
        if number == 0 {
            out.extend(described);
        }
        add(&mut out, "split.no", 2, &number.to_le_bytes());
        add(&mut out, "split.count", 2, &count.to_le_bytes());
        add(&mut out, "split.tensors.count", 5, &(tensors as i32).to_le_bytes());
        let mut offset = 0;
        for (head, data) in own {
            out.extend(*head);
            out.extend((offset as u64).to_le_bytes());
            offset += data.len().next_multiple_of(ALIGNMENT);
        }
        for (_, data) in own {
            out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
            out.extend(*data);
        }
        let path = folder.join(format!("{name}-{:05}-of-{count:05}.gguf", number + 1));
        std::fs::write(&path, out).unwrap();
        path
    };
    (0..count).map(part).collect()
}

fn add(out: &mut Vec<u8>, key: &str, kind: u32, value: &[u8]) {
    out.extend((key.len() as u64).to_le_bytes());
    out.extend(key.as_bytes());
    out.extend(kind.to_le_bytes());
    out.extend(value);
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn pass(&mut self, bytes: usize) -> &'a [u8] {
        self.at += bytes;
        &self.bytes[self.at - bytes..self.at]
    }

    fn int(&mut self) -> u32 {
        u32::from_le_bytes(self.pass(4).try_into().unwrap())
    }

    fn long(&mut self) -> u64 {
        u64::from_le_bytes(self.pass(8).try_into().unwrap())
    }

    fn text(&mut self) {
        let length = self.long() as usize;
        self.pass(length);
    }

    fn pair(&mut self) {
        self.text();
        let kind = self.int();
        self.value(kind);
    }

    fn value(&mut self, kind: u32) {
        match kind {
            0 | 1 | 7 => drop(self.pass(1)),
            2 | 3 => drop(self.pass(2)),
            4..=6 => drop(self.pass(4)),
            8 => self.text(),
            9 => {
                let (element, count) = (self.int(), self.long());
                (0..count).for_each(|_| self.value(element));
            }
            _ => drop(self.pass(8)),
        }
    }

    /// A tensor's description up to its offset, and the offset.
    fn tensor(&mut self) -> (&'a [u8], usize) {
        let begun = self.at;
        self.text();
        let dimensions = self.int() as usize;
        self.pass(8 * dimensions + 4);
        (&self.bytes[begun..self.at], self.long() as usize)
    }
}
