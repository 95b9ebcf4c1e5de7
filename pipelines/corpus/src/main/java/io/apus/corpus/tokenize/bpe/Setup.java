package io.apus.corpus.tokenize.bpe;

import io.apus.corpus.tokenize.bpe.split.Splitters;

/**
 * A tokenizer's parts, all immutable.
 *
 * @param splitter cuts text into words
 * @param form the normal form that texts are brought into
 * @param added tokens looked for first
 * @param addedNormalized tokens looked for in what those leave
 */
record Setup(
        BpeModel model,
        Splitters.ByteLevel splitter,
        NormalForm form,
        AddedTokens added,
        AddedTokens addedNormalized) {}
