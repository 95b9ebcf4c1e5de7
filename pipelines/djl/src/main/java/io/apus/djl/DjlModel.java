package io.apus.djl;

import ai.djl.spark.task.BasePredictor;
import ai.djl.translate.TranslatorFactory;
import io.apus.schemas.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * A model for DJL's predictors.
 *
 * @param folder holds the model ({@code model.onnx}), its tokenizer.json and config.json, under the same path on every executor
 * @param engine DJL's name of the engine, {@code OnnxRuntime} being the one that the profile brings
 * @param batchSize texts run at once
 * @param maxLength tokens, special ones included, behind which a text is cut
 */
public record DjlModel(Path folder, String engine, int batchSize, int maxLength) {
    static final String BLANK_STANDS_IN = "-";

    public DjlModel {
        folder = folder.toAbsolutePath().normalize();
        for (String needed : new String[] {"tokenizer.json", "config.json"}) {
            if (!Files.isRegularFile(folder.resolve(needed))) {
                throw new UserError(
                        "Cannot use the model " + folder, "it has no " + needed, "Give a folder with a model for DJL.");
            }
        }
        if (batchSize < 1 || maxLength < 1) {
            throw new UserError(
                    "Cannot use the model " + folder,
                    "the batch size is " + batchSize + " and the length " + maxLength,
                    "Both must be positive.");
        }
    }

    /** With ONNX Runtime, 32 texts at once, 512 tokens. */
    public static DjlModel onnx(Path folder) {
        return new DjlModel(folder, "OnnxRuntime", 32, 512);
    }

    void configure(BasePredictor<?, ?> predictor, TranslatorFactory translator) {
        predictor.setModelUrl(folder.toUri().toString());
        predictor.setEngine(engine);
        predictor.setBatchSize(batchSize);
        predictor.setTranslatorFactory(translator);
    }

    /** Whether a text has nothing that a model could read. */
    static Column isBlank(String textCol) {
        return functions.coalesce(functions.trim(functions.col(textCol)).equalTo(""), functions.lit(true));
    }

    /** The text, with something to read in the place of nothing: the extension fails on nulls. */
    static Column readable(String textCol) {
        return functions.when(isBlank(textCol), BLANK_STANDS_IN).otherwise(functions.col(textCol));
    }
}
