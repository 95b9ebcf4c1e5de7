package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.tensor.SafeTensorsFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedding and the output head that an adapter's file holds as they are because the base model on disk has other ones: PEFT writes
 * them beside every adapter of a model whose embeddings were resized (save_embedding_layers), by the names of modules_to_save.
 */
final class TokenRows {
    private TokenRows() {}

    /**
     * Makes the model ready for what {@code file} holds: as many rows as there, and a head of its own if there is one.
     *
     * @param modulesToSave what the file holds of the model anyway
     * @return whether {@link #own} is to be read from the file
     */
    static boolean take(DecoderModel model, SafeTensorsFile file, List<String> modulesToSave) {
        if (!are(model, file, modulesToSave)) {
            return model.ownTokenRows() && file.contains(embedding(model));
        }
        long rows = file.info(embedding(model)).sizes()[0];
        if (rows > model.config().vocabSize() && rows <= Integer.MAX_VALUE) {
            model.growVocabulary((int) rows, 0);
        }
        model.keepTokenRows();
        if (file.contains(PeftFiles.PREFIX + model.head().name() + ".weight")) {
            model.head().untie();
        }
        return true;
    }

    /** Whether {@code file} holds an embedding that is no module to save, or has more rows than the model's. */
    static boolean are(DecoderModel model, SafeTensorsFile file, List<String> modulesToSave) {
        return file.contains(embedding(model))
                && (!SavedModules.hasEmbedding(model, modulesToSave)
                        || file.info(embedding(model)).sizes()[0]
                                > model.config().vocabSize());
    }

    private static String embedding(DecoderModel model) {
        return PeftFiles.PREFIX + model.embedding().weight().name();
    }

    /** What the file must hold of the model's own. */
    static List<Parameter> own(DecoderModel model) {
        if (!model.ownTokenRows()) {
            return List.of();
        }
        List<Parameter> all = new ArrayList<>(List.of(model.embedding().weight()));
        all.addAll(model.head().ownParameters());
        return all;
    }
}
