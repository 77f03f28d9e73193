import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {layerWeights, missingTargets, modelShape, vocabularyWeights} from "../../src/core/model-shape.js";
import {adapterWeights, trainingMemory, trainingOperations} from "../../src/core/training-memory.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";

/** As the makers publish them. */
const MISTRAL = {
  ...{model_type: "mistral", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32},
  ...{num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 32000, tie_word_embeddings: false}
};
const GPT2 = {model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, vocab_size: 50257};

function study(more: string) {
  return parseStudy(
    `because: 1
title: T
corpora: {film: {reader: embedded, kind: film}}
axes: {naturalness: {question: q, labels: [1, 2, 3, 4, 5]}}
split: {train: 2, test: 1}
model: {folder: m}
training: {batch: 16, max_tokens: 1024}
${more}`,
    "t.yaml"
  );
}

describe("the size of a model", () => {
  it("follows from its configuration: 7.24 billion weights of Mistral-7B, 124 million of GPT-2", () => {
    const mistral = modelShape(MISTRAL)!;
    const published = 7_241_732_096;
    const found = layerWeights(mistral) + vocabularyWeights(mistral);
    assert.ok(Math.abs(found / published - 1) < 1e-3, `${found}`);
    const gpt2 = modelShape(GPT2)!;
    // its 1,024 positions, biases and norms are not counted
    assert.ok(Math.abs((layerWeights(gpt2) + vocabularyWeights(gpt2)) / 124_439_808 - 1) < 0.01);
  });

  it("is unknown where the configuration does not say it", () => {
    for (const config of [null, {}, {hidden_size: 64}, "text"]) assert.equal(modelShape(config), null);
    assert.deepEqual(modelShape({text_config: MISTRAL})!.layers, 32);
  });

  it("targets that an architecture has no module for", () => {
    assert.deepEqual(missingTargets("gpt2", ["q_proj", "c_attn"])!.missing, ["q_proj"]);
    assert.equal(missingTargets("mistral", ["q_proj"]), null);
  });
});

describe("what training takes", () => {
  const shape = modelShape(MISTRAL)!;
  const lora = study(
    "adapter: {kind: lora, bits: 4, rank: 16}\nexecution: {precision: bf16, micro_batch: 4}\n"
  );

  it("adapters of rank 16 on all seven modules of Mistral-7B: 41.9 million weights, as peft counts", () =>
    assert.equal(adapterWeights(shape, lora.adapter), 41_943_040));

  it("parts add up; fewer bits, fewer examples at a time and checkpoints take less", () => {
    const memory = trainingMemory(shape, lora);
    assert.equal(memory.total, memory.weights + memory.optimiser + memory.activations);
    assert.ok(memory.weights > 3.6e9 && memory.weights < 4.6e9, "4 bits, embeddings in 16");
    assert.equal(memory.optimiser, 16 * 41_943_040);
    const less = (change: string) => trainingMemory(shape, study(change)).total < memory.total;
    const same = "adapter: {kind: lora, bits: 4, rank: 16}\n";
    assert.ok(less(`${same}execution: {precision: bf16, micro_batch: 1}\n`));
    assert.ok(less(`${same}execution: {precision: bf16, micro_batch: 4, gradient_checkpointing: true}\n`));
    assert.ok(
      !less("adapter: {kind: lora, bits: 16, rank: 16}\nexecution: {precision: bf16, micro_batch: 4}\n")
    );
    const whole = trainingMemory(shape, study(""));
    assert.equal(whole.optimiser, 16 * whole.parameters);
    assert.equal(whole.weights, 0);
  });

  it("operations: four a weight and token with an adapter, six without, two more with checkpoints", () => {
    const weights = layerWeights(shape) + 4096 * 32000;
    assert.equal(trainingOperations(shape, lora), 4 * weights);
    assert.equal(trainingOperations(shape, study("")), 6 * weights);
    assert.equal(
      trainingOperations(shape, study("execution: {gradient_checkpointing: true}\n")),
      8 * weights
    );
  });
});
