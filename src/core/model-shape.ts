/** How large a decoder-only model is, from the `config.json` that transformers saves beside its weights. */

/** Sizes that memory and operations follow from. */
export interface ModelShape {
  /** As the configuration calls its architecture, such as `mistral`. */
  type: string;
  layers: number;
  /** Units of the residual stream. */
  hidden: number;
  /** Units of all keys of a layer together: fewer than of all queries where heads share them. */
  keys: number;
  queries: number;
  /** Units of the feed-forward part, over all its experts. */
  feedForward: number;
  /** Matrices of the feed-forward part: 3 where one gates another. */
  matrices: 2 | 3;
  vocabulary: number;
  /** Whether the output projection is the embedding. */
  tied: boolean;
}

/** Architectures whose feed-forward part has no gate. */
const UNGATED = new Set([
  "bloom",
  "falcon",
  "gpt2",
  "gpt_neo",
  "gpt_neox",
  "gptj",
  "mpt",
  "opt",
  "phi",
  "starcoder2"
]);

/** Null where the configuration does not say what is needed. */
export function modelShape(config: unknown): ModelShape | null {
  const outer = config as Record<string, unknown> | null;
  const inner = (outer?.text_config ?? outer) as Record<string, unknown> | null;
  const number = (...names: string[]): number | undefined =>
    names.map((name) => inner?.[name]).find((value): value is number => typeof value === "number");
  const layers = number("num_hidden_layers", "n_layer", "num_layers");
  const hidden = number("hidden_size", "n_embd", "d_model");
  const heads = number("num_attention_heads", "n_head");
  const vocabulary = number("vocab_size");
  if (!layers || !hidden || !heads || !vocabulary) return null;
  const type = String(inner?.model_type ?? "");
  const each = number("head_dim") ?? hidden / heads;
  return {
    type,
    layers,
    hidden,
    queries: heads * each,
    keys: (number("num_key_value_heads") ?? heads) * each,
    feedForward:
      (number("intermediate_size", "n_inner", "ffn_dim") ?? 4 * hidden) * (number("num_local_experts") ?? 1),
    matrices: UNGATED.has(type) ? 2 : 3,
    vocabulary,
    tied: (inner?.tie_word_embeddings ?? outer?.tie_word_embeddings ?? true) !== false
  };
}

/** Weights of the matrices of all layers; norms and biases are too few to count. */
export function layerWeights({layers, hidden, queries, keys, feedForward, matrices}: ModelShape): number {
  return layers * (2 * hidden * queries + 2 * hidden * keys + matrices * hidden * feedForward);
}

/** Weights of embedding and output projection. */
export function vocabularyWeights({vocabulary, hidden, tied}: ModelShape): number {
  return vocabulary * hidden * (tied ? 1 : 2);
}

/** Inputs and outputs of the modules that adapters are usually put beside, by the end of their name. */
export function moduleSizes({
  hidden,
  queries,
  keys,
  feedForward
}: ModelShape): Record<string, [number, number]> {
  return {
    q_proj: [hidden, queries],
    k_proj: [hidden, keys],
    v_proj: [hidden, keys],
    o_proj: [queries, hidden],
    out_proj: [queries, hidden],
    gate_proj: [hidden, feedForward],
    up_proj: [hidden, feedForward],
    down_proj: [feedForward, hidden],
    fc1: [hidden, feedForward],
    fc2: [feedForward, hidden],
    c_attn: [hidden, queries + 2 * keys],
    c_fc: [hidden, feedForward],
    c_proj: [queries, hidden],
    query_key_value: [hidden, queries + 2 * keys],
    qkv_proj: [hidden, queries + 2 * keys],
    gate_up_proj: [hidden, 2 * feedForward],
    dense: [queries, hidden],
    dense_h_to_4h: [hidden, feedForward],
    dense_4h_to_h: [feedForward, hidden]
  };
}

const LLAMA_NAMES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
const LIKE_LLAMA = [
  "llama",
  "mistral",
  "qwen2",
  "qwen3",
  "gemma",
  "gemma2",
  "gemma3_text",
  "granite",
  "olmo"
];

/** Linear modules of the layers of an architecture, by the end of their name. */
const MODULES: Record<string, string[]> = {
  ...Object.fromEntries(LIKE_LLAMA.map((type) => [type, LLAMA_NAMES])),
  bloom: ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
  falcon: ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
  gpt2: ["c_attn", "c_proj", "c_fc"],
  gpt_neox: ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
  gpt_neo: ["q_proj", "k_proj", "v_proj", "out_proj", "c_fc", "c_proj"],
  gptj: ["q_proj", "k_proj", "v_proj", "out_proj", "fc_in", "fc_out"],
  opt: ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"],
  phi: ["q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"],
  phi3: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
};

/** Modules beside the layers, which architectures call differently: no verdict on them. */
const OUTSIDE = new Set([
  "lm_head",
  "embed_tokens",
  "embed_in",
  "embed_out",
  "wte",
  "wpe",
  "word_embeddings"
]);

/** Adapter targets that an architecture has no module for, and what it has; null where all are there, or nothing is known. */
export function missingTargets(
  type: string,
  targets: readonly string[]
): {missing: string[]; known: string[]} | null {
  const known = MODULES[type];
  const unknown = (target: string) => {
    const end = target.slice(target.lastIndexOf(".") + 1);
    return !known!.includes(end) && !OUTSIDE.has(end);
  };
  const missing = known ? targets.filter(unknown) : [];
  return known && missing.length > 0 ? {missing, known} : null;
}
