package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/** {@code integer: [column]}: reads whole numbers that may be written as texts. */
public final class IntegerStep implements RowStep {
    private final List<String> columns;

    private IntegerStep(List<String> columns) {
        this.columns = columns;
    }

    public static RowStep of(StepOptions options) {
        return new IntegerStep(options.only("value").texts("value"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        for (String column : columns) {
            JsonNode value = RowPath.need(row, column);
            try {
                row.put(column, new BigDecimal(value.asText().strip()).longValueExact());
            } catch (ArithmeticException | NumberFormatException e) {
                throw StepFailure.broken(column + " is " + value + ", no whole number");
            }
        }
    }

    @Override
    public String words() {
        return String.join(", ", columns) + " as whole number";
    }
}
