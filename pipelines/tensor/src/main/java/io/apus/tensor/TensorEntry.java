package io.apus.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads one tensor's entry of a safetensors header; a fault is added to the list instead of thrown, so that all are seen at once. */
final class TensorEntry {
    private TensorEntry() {}

    static Optional<TensorInfo> parse(String name, JsonNode entry, List<String> faults) {
        String dtype = entry.path("dtype").asText("");
        if (Arrays.stream(DType.values()).noneMatch(type -> type.name().equals(dtype))) {
            faults.add(name + " has the unknown dtype \"" + dtype + "\"");
            return Optional.empty();
        }
        Optional<List<Long>> shape = naturals(entry.path("shape"));
        Optional<List<Long>> range = naturals(entry.path("data_offsets")).filter(r -> r.size() == 2);
        if (shape.isEmpty() || range.isEmpty()) {
            faults.add(name + " lacks a shape and data_offsets of whole numbers");
            return Optional.empty();
        }
        TensorInfo info = new TensorInfo(
                name,
                DType.valueOf(dtype),
                shape.get(),
                range.get().get(0),
                range.get().get(1));
        Optional<String> fault = sizeFault(info);
        fault.ifPresent(text -> faults.add(name + " " + text));
        return fault.isPresent() ? Optional.empty() : Optional.of(info);
    }

    private static Optional<List<Long>> naturals(JsonNode node) {
        if (!node.isArray()) {
            return Optional.empty();
        }
        List<Long> values = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.asLong() < 0) {
                return Optional.empty();
            }
            values.add(item.asLong());
        }
        return Optional.of(List.copyOf(values));
    }

    private static Optional<String> sizeFault(TensorInfo info) {
        if (info.end() < info.begin()) {
            return Optional.of("ends before it begins");
        }
        try {
            long bytes = info.dtype().bytes();
            for (long size : info.shape()) {
                bytes = Math.multiplyExact(bytes, size);
            }
            if (bytes == info.end() - info.begin()) {
                return Optional.empty();
            }
            return Optional.of("of shape " + info.shape() + " and dtype " + info.dtype() + " needs " + bytes
                    + " bytes and has " + (info.end() - info.begin()));
        } catch (ArithmeticException e) {
            return Optional.of("has the impossible shape " + info.shape());
        }
    }
}
