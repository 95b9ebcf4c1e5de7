package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

/** A model made from scratch: a vocabulary learnt from the run's own text and random weights of this shape. */
@Doc("make a new model: learn a byte-level BPE vocabulary on the run's text and start from random weights")
public record CreateModelSpec(
        @Doc("model class as in config.json") String architecture,
        @Doc("entries of the vocabulary, special tokens included") Integer vocabSize,
        @Doc("width of the residual stream") Integer hiddenSize,
        @Doc("width of the feed-forward layer") Integer intermediateSize,
        @Doc("number of decoder layers") Integer numHiddenLayers,
        @Doc("number of query heads") Integer numAttentionHeads,
        @Doc("number of key and value heads") Integer numKeyValueHeads,
        @Doc("width of a head") Integer headDim,
        @Doc("longest context") Integer maxPositionEmbeddings,
        @Doc("base of the rotary position embedding") Double ropeTheta,
        @Doc("share input and output embeddings") Boolean tieWordEmbeddings) {
    public CreateModelSpec {
        architecture = orElse(architecture, "Qwen3ForCausalLM");
        vocabSize = orElse(vocabSize, 4096);
        hiddenSize = orElse(hiddenSize, 192);
        intermediateSize = orElse(intermediateSize, 512);
        numHiddenLayers = orElse(numHiddenLayers, 6);
        numAttentionHeads = orElse(numAttentionHeads, 6);
        numKeyValueHeads = orElse(numKeyValueHeads, 2);
        headDim = orElse(headDim, 32);
        maxPositionEmbeddings = orElse(maxPositionEmbeddings, 1024);
        ropeTheta = orElse(ropeTheta, 10_000.0);
        tieWordEmbeddings = orElse(tieWordEmbeddings, true);
        new Problems("model.create")
                .require(
                        vocabSize >= 300,
                        "vocab_size",
                        "needs at least 300 entries (256 bytes and the special tokens), is " + vocabSize)
                .positive("hidden_size", hiddenSize)
                .positive("intermediate_size", intermediateSize)
                .positive("num_hidden_layers", numHiddenLayers)
                .positive("num_attention_heads", numAttentionHeads)
                .positive("num_key_value_heads", numKeyValueHeads)
                .positive("max_position_embeddings", maxPositionEmbeddings)
                .positive("rope_theta", ropeTheta)
                .require(headDim > 0 && headDim % 2 == 0, "head_dim", "must be even and above 0, is " + headDim)
                .require(
                        numKeyValueHeads > 0 && numAttentionHeads % numKeyValueHeads == 0,
                        "num_key_value_heads",
                        numAttentionHeads + " query heads cannot share " + numKeyValueHeads + " key/value heads evenly")
                .throwIfAny();
    }
}
