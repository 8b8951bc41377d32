//! The shape of a model: how many tensors, of what sizes.

/// Parts of a layer, and what lies around the layers. The names are GGUF's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Embedding,
    Query,
    Key,
    Value,
    AttentionOutput,
    Gate,
    Up,
    Down,
    /// A vector of scales around 1.
    Norm,
    /// A vector around 0.
    Bias,
}

/// One tensor, without its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) role: Role,
    /// Which layer, from 0; 0 outside of the layers.
    pub(super) layer: u32,
    /// Elements of a row: what the quantisation cuts into blocks.
    pub(super) columns: u32,
    /// Rows; 1 for a vector.
    pub(super) rows: u32,
}

/// The shape of a model of the Qwen2 family: grouped-query attention with biases, gated feed-forward, embeddings that are
/// the output as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub(super) layers: u32,
    pub(super) hidden: u32,
    pub(super) heads: u32,
    /// Heads of keys and values, each shared by `heads / kv_heads` heads.
    pub(super) kv_heads: u32,
    pub(super) feed_forward: u32,
    pub(super) vocabulary: u32,
}

impl Shape {
    /// Qwen2.5-0.5B: `config.json` of Qwen/Qwen2.5-0.5B-Instruct.
    pub(super) const HALF_BILLION: Self =
        Self { layers: 24, hidden: 896, heads: 14, kv_heads: 2, feed_forward: 4864, vocabulary: 151_936 };
    /// Qwen2.5-1.5B: `config.json` of Qwen/Qwen2.5-1.5B-Instruct.
    pub(super) const ONE_AND_A_HALF: Self =
        Self { layers: 28, hidden: 1536, heads: 12, kv_heads: 2, feed_forward: 8960, vocabulary: 151_936 };

    /// All tensors, in the order in which they lie in the file.
    pub(super) fn tensors(&self) -> Vec<Tensor> {
        let keys = self.hidden / self.heads * self.kv_heads;
        let tensor = |name: String, role, layer, columns, rows| Tensor { name, role, layer, columns, rows };
        let mut all = vec![
            tensor("token_embd.weight".to_owned(), Role::Embedding, 0, self.hidden, self.vocabulary),
            tensor("output_norm.weight".to_owned(), Role::Norm, 0, self.hidden, 1),
        ];
        for layer in 0..self.layers {
            for (part, role, columns, rows) in [
                ("attn_norm.weight", Role::Norm, self.hidden, 1),
                ("attn_q.weight", Role::Query, self.hidden, self.hidden),
                ("attn_q.bias", Role::Bias, self.hidden, 1),
                ("attn_k.weight", Role::Key, self.hidden, keys),
                ("attn_k.bias", Role::Bias, keys, 1),
                ("attn_v.weight", Role::Value, self.hidden, keys),
                ("attn_v.bias", Role::Bias, keys, 1),
                ("attn_output.weight", Role::AttentionOutput, self.hidden, self.hidden),
                ("ffn_norm.weight", Role::Norm, self.hidden, 1),
                ("ffn_gate.weight", Role::Gate, self.hidden, self.feed_forward),
                ("ffn_up.weight", Role::Up, self.hidden, self.feed_forward),
                ("ffn_down.weight", Role::Down, self.feed_forward, self.hidden),
            ] {
                all.push(tensor(format!("blk.{layer}.{part}"), role, layer, columns, rows));
            }
        }
        all
    }
}
