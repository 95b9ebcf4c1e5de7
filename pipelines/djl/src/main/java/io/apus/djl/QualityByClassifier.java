package io.apus.djl;

import ai.djl.spark.task.text.TextClassifier;
import io.apus.schemas.UserError;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Marks texts by a classifier, run by DJL's {@link TextClassifier}.
 *
 * @param label the class that a good text has, one of the model's {@code id2label}
 * @param minimum the least probability of that class, 0 to 1, at which a row is kept
 */
public record QualityByClassifier(DjlModel model, String textCol, String label, double minimum) {
    /** Reason of a row whose score is too low. */
    public static final String LOW_QUALITY = "low_quality";

    /** Reason of a row without text. */
    public static final String BLANK = "blank";

    public QualityByClassifier {
        List<String> labels = Labels.read(model.folder());
        if (!labels.contains(label) || !(minimum >= 0 && minimum <= 1)) {
            throw new UserError(
                    "Cannot score texts",
                    "the class is " + label + " of " + String.join(", ", labels) + " and the minimum " + minimum,
                    "Name a class of the model and a minimum between 0 and 1.");
        }
    }

    /**
     * All rows with two more columns: {@code score DOUBLE}, the probability of the class, null without text; {@code refused STRING}, the reason
     * for which a row goes, null for those that stay.
     */
    public Dataset<Row> mark(Dataset<Row> rows) {
        TextClassifier classifier = new TextClassifier();
        model.configure(classifier, new TextTranslators(model.maxLength()));
        classifier.setInputCol("classified__text");
        classifier.setOutputCol("classified");
        Column score = functions
                .map_from_arrays(functions.col("classified.class_names"), functions.col("classified.probabilities"))
                .getItem(label);
        return classifier
                .classify(rows.withColumn("classified__text", DjlModel.readable(textCol)))
                .withColumn("score", functions.when(functions.not(DjlModel.isBlank(textCol)), score))
                .withColumn(
                        "refused",
                        functions
                                .when(functions.col("score").isNull(), BLANK)
                                .when(functions.col("score").lt(minimum), LOW_QUALITY))
                .drop("classified", "classified__text");
    }
}
