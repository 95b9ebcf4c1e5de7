package io.apus.model.tuner.method;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.tensor.SafeTensorsFile;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
            return model.ownTokenRows() && (file.contains(plain(model)) || file.contains(wrapped(model)));
        }
        long rows = rows(file, file.contains(plain(model)) ? plain(model) : wrapped(model));
        if (rows > model.config().vocabSize() && rows <= Integer.MAX_VALUE) {
            model.growVocabulary((int) rows, 0);
        }
        model.keepTokenRows();
        if (file.contains(PeftFiles.PREFIX + model.head().name() + ".weight")) {
            model.head().untie();
        }
        return true;
    }

    /** Whether {@code file} holds an embedding that is neither a module to save nor a target, or has more rows than the model's. */
    static boolean are(DecoderModel model, SafeTensorsFile file, List<String> modulesToSave) {
        int present = model.config().vocabSize();
        if (file.contains(plain(model))) {
            return !SavedModules.hasEmbedding(model, modulesToSave) || rows(file, plain(model)) > present;
        }
        return file.contains(wrapped(model)) && rows(file, wrapped(model)) > present;
    }

    private static long rows(SafeTensorsFile file, String name) {
        return file.info(name).sizes()[0];
    }

    private static String plain(DecoderModel model) {
        return PeftFiles.PREFIX + model.embedding().weight().name();
    }

    /** PEFT's name of an embedding inside the change that wraps it. */
    static String wrapped(DecoderModel model) {
        return PeftFiles.PREFIX + ModuleNames.owner(model.embedding().weight()) + ".base_layer.weight";
    }

    /** What the file must hold of the model's own, by its names there; PEFT writes an embedding that is a target if it has Llama's name. */
    static SortedMap<String, Parameter> own(DecoderModel model) {
        SortedMap<String, Parameter> all = new TreeMap<>();
        Parameter embedding = model.embedding().weight();
        boolean changed = model.embedding().changed().change().isPresent();
        if (model.ownTokenRows()
                || (changed && ModuleNames.last(ModuleNames.owner(embedding)).equals(ModuleNames.EMBEDDING))) {
            all.put(changed ? wrapped(model) : plain(model), embedding);
        }
        if (model.ownTokenRows()) {
            model.head().ownParameters().forEach(parameter -> all.put(PeftFiles.PREFIX + parameter.name(), parameter));
        }
        return all;
    }
}
