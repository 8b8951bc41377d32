//! How full the cache is: which of its cells are held, and by how many sequences.

/// The cells of a cache, by number. A cell holds the state of one token; sequences that share a beginning hold the same
/// cells. The numbers are our own: which cell of llama.cpp's it is does not matter, only how many are left.
#[derive(Debug)]
pub(super) struct Cells {
    /// By how many sequences each is held.
    holders: Vec<u32>,
    /// Those held by none.
    vacant: Vec<u32>,
}

impl Cells {
    pub(super) fn new(count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self { holders: vec![0; count as usize], vacant: (0..count).rev().collect() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.holders.len()
    }

    /// How many are held by none.
    pub(super) fn free(&self) -> usize {
        self.vacant.len()
    }

    /// A cell for a new token, with one holder; `None` when all are held.
    pub(super) fn take(&mut self) -> Option<u32> {
        let cell = self.vacant.pop()?;
        self.holders[cell as usize] = 1;
        Some(cell)
    }

    /// One holder more.
    pub(super) fn share(&mut self, cell: u32) {
        self.holders[cell as usize] += 1;
    }

    /// One holder less.
    pub(super) fn release(&mut self, cell: u32) {
        let holders = &mut self.holders[cell as usize];
        *holders -= 1;
        if *holders == 0 {
            self.vacant.push(cell);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_cell_is_free_again_when_its_last_holder_lets_go() {
        let mut cells = Cells::new(2);
        let (one, two) = (cells.take().unwrap(), cells.take().unwrap());
        assert_ne!(one, two);
        assert_eq!(cells.take(), None);
        cells.share(one);
        cells.release(one);
        assert_eq!(cells.free(), 0);
        cells.release(one);
        assert_eq!((cells.free(), cells.take()), (1, Some(one)));
    }
}
