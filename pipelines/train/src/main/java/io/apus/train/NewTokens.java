package io.apus.train;

import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;

/** What tokens that the model on disk has no embeddings for ask of a run. */
public final class NewTokens {
    private NewTokens() {}

    /** Refuses a tuner whose files would lose the new tokens' rows. */
    public static void require(Tuner tuner, String type) {
        if (!tuner.keepsTokenRows()) {
            throw new UserError(
                    "Cannot train with new_special_tokens",
                    "what tuner_type " + type + " leaves has no place for the embeddings of new tokens",
                    "Train in full or with an adapter of the linears such as lora.");
        }
    }
}
