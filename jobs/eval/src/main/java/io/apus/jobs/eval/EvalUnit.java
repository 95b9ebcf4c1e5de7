package io.apus.jobs.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.eval.task.EvalItem;
import io.apus.eval.task.Outcome;
import java.util.List;

/**
 * What is measured in one go on one executor: some items of one set, or some held-out rows. Units are cut by the items alone, and a unit is
 * computed in the same way wherever it lands: so the scores do not depend on the number of partitions or executors.
 *
 * @param items items of one set, in order; empty for held-out rows
 * @param firstRow first held-out row
 * @param rows number of held-out rows; 0 for items
 */
record EvalUnit(List<EvalItem> items, long firstRow, int rows) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static EvalUnit of(List<EvalItem> items) {
        return new EvalUnit(items, 0, 0);
    }

    static EvalUnit heldOut(long firstRow, int rows) {
        return new EvalUnit(List.of(), firstRow, rows);
    }

    /** Units and outcomes travel as JSON text: records of other rooms are not Serializable, and need not be. */
    String toJson() {
        return write(this);
    }

    static EvalUnit fromJson(String json) {
        return read(json, EvalUnit.class);
    }

    static String toJson(Outcome outcome) {
        return write(outcome);
    }

    static Outcome outcomeFromJson(String json) {
        return read(json, Outcome.class);
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("units and outcomes are plain data", e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("units and outcomes are plain data", e);
        }
    }
}
