package io.apus.spark.ml;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What the stages over a tokenizer have in common: the parameters of DJL's Spark extension ({@code inputCol}, {@code outputCol},
 * {@code hfModelId}, {@code batchSize}), the checks and the walk over the rows. The output is one more column; rows are neither dropped nor
 * reordered, and their results do not depend on the batch that they are in.
 *
 * @param <S> the stage itself, which setters return
 */
public abstract class TokenizerStage<S extends TokenizerStage<S>> extends Transformer implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> hfModelId;
    private final IntParam batchSize;

    TokenizerStage(String uid) {
        this.uid = uid;
        inputCol = new Param<>(this, "inputCol", "input column name");
        outputCol = new Param<>(this, "outputCol", "output column name");
        hfModelId = new Param<>(this, "hfModelId", "folder of a tokenizer.json, or such a file");
        batchSize = new IntParam(this, "batchSize", "rows worked on at once", ParamValidators.gt(0));
        setDefault(outputCol, uid + "__output");
        setDefault(batchSize, 100);
    }

    abstract S self();

    /** A type of the input column, as an error names it. */
    abstract String inputType();

    abstract boolean accepts(DataType type);

    abstract DataType outputType();

    abstract BatchWork work();

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public Param<String> hfModelId() {
        return hfModelId;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public S setInputCol(String value) {
        set(inputCol, value);
        return self();
    }

    /** Default: the uid and {@code __output}. */
    public S setOutputCol(String value) {
        set(outputCol, value);
        return self();
    }

    /** A folder that holds a tokenizer.json, or such a file, under the same path on the driver and the executors. */
    public S setHfModelId(String value) {
        set(hfModelId, value);
        return self();
    }

    /** As {@link #setHfModelId}, by the name that DJL 0.22 has for it. */
    public S setTokenizer(String value) {
        return setHfModelId(value);
    }

    /** As {@link #setHfModelId}, by the name that DJL 0.21 has for it. */
    public S setName(String value) {
        return setHfModelId(value);
    }

    /** Default 100. */
    public S setBatchSize(int value) {
        set(batchSize, value);
        return self();
    }

    public String getInputCol() {
        return getOrDefault(inputCol);
    }

    public String getOutputCol() {
        return getOrDefault(outputCol);
    }

    public String getHfModelId() {
        return getOrDefault(hfModelId);
    }

    public int getBatchSize() {
        return (int) getOrDefault(batchSize);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        LoadedTokenizer.file(getHfModelId());
        RowBatches.Task task =
                new RowBatches.Task(work(), getHfModelId(), dataset.schema().fieldIndex(getInputCol()), getBatchSize());
        MapPartitionsFunction<Row, Row> walk = task::over;
        return dataset.toDF().mapPartitions(walk, Encoders.row(schema));
    }

    /**
     * The schema with the output column.
     *
     * @throws UserError naming everything that does not fit: parameters that are not set, columns that are absent, present or of another type
     */
    @Override
    public StructType transformSchema(StructType schema) {
        List<String> problems = new ArrayList<>();
        for (Param<String> required : List.of(inputCol, hfModelId)) {
            if (!isSet(required)) {
                problems.add(required.name() + " is not set");
            }
        }
        if (isSet(inputCol)) {
            input(schema, problems);
        }
        if (List.of(schema.fieldNames()).contains(getOutputCol())) {
            problems.add("the output column " + getOutputCol() + " is already there");
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot use " + uid, String.join("; ", problems), "");
        }
        return schema.add(getOutputCol(), outputType());
    }

    private void input(StructType schema, List<String> problems) {
        List<String> names = Arrays.asList(schema.fieldNames());
        if (!names.contains(getInputCol())) {
            String nearest = Registry.nearest(getInputCol(), names);
            problems.add("there is no input column " + getInputCol()
                    + (nearest.isEmpty() ? "" : ", the nearest is " + nearest + " of " + String.join(", ", names)));
            return;
        }
        DataType type = schema.apply(getInputCol()).dataType();
        if (!accepts(type)) {
            problems.add("the input column " + getInputCol() + " must be " + inputType() + " but is "
                    + type.catalogString());
        }
    }

    @Override
    public S copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
