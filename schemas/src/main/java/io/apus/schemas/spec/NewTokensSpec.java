package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Tokens that the model's tokenizer gets besides its own. */
@Group
public record NewTokensSpec(
        @Doc(
                        "special tokens that the tokenizer gets, with embeddings of their own: tokens, or .txt files that list them; beside an adapter"
                                + " they learn where modules_to_save names embed_tokens and lm_head")
                List<String> newSpecialTokens,
        @Doc(
                        "where new tokens need more rows of the embeddings than there are, their number is rounded up to a multiple of this")
                Integer padToMultipleOf) {
    public NewTokensSpec {
        newSpecialTokens = orEmpty(newSpecialTokens);
        padToMultipleOf = orElse(padToMultipleOf, 1);
        new Problems("model")
                .require(padToMultipleOf >= 1, "pad_to_multiple_of", "must be at least 1, is " + padToMultipleOf)
                .require(
                        newSpecialTokens.stream().noneMatch(String::isBlank),
                        "new_special_tokens",
                        "a token of nothing but blanks cannot be told from text")
                .throwIfAny();
    }

    /** The tokenizer as it is. */
    public static NewTokensSpec none() {
        return new NewTokensSpec(null, null);
    }

    public boolean isEmpty() {
        return newSpecialTokens.isEmpty();
    }
}
