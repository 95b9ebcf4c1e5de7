package io.apus.corpus.mapping.special;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.mapping.step.Draws;
import io.apus.corpus.mapping.step.RowStep;
import io.apus.corpus.mapping.step.StepFailure;
import io.apus.corpus.mapping.step.StepOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code caption_spans}: makes {@code objects} of GRIT's {@code ref_exps}, a list of [start, end, x1, y1, x2, y2, confidence] where start and
 * end count characters of {@code caption} and the corners are shares of the picture. Rows without spans or with overlapping ones are left
 * out.
 */
public final class CaptionSpans implements RowStep {
    private static final int BOX_FROM = 2;
    private static final int BOX_TO = 6;

    private CaptionSpans() {}

    public static RowStep of(StepOptions options) {
        options.only();
        return new CaptionSpans();
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        String caption = row.path("caption").asText();
        JsonNode spans = row.path("ref_exps");
        requireApart(spans);
        ObjectNode objects = row.putObject("objects");
        ArrayNode names = objects.putArray("ref");
        ArrayNode boxes = objects.putArray("bbox");
        objects.put("bbox_type", "norm1");
        for (JsonNode span : spans) {
            names.add(name(caption, span));
            ArrayNode box = boxes.addArray();
            for (int i = BOX_FROM; i < BOX_TO; i++) {
                box.add(span.get(i));
            }
        }
    }

    private static String name(String caption, JsonNode span) {
        int length = caption.codePointCount(0, caption.length());
        int start = span.path(0).asInt(-1);
        int end = span.path(1).asInt(-1);
        if (span.size() < BOX_TO || start < 0 || end < start || end > length) {
            throw StepFailure.broken("ref_exps holds " + span + ", no span of a caption of " + length + " characters");
        }
        return caption.substring(caption.offsetByCodePoints(0, start), caption.offsetByCodePoints(0, end));
    }

    private static void requireApart(JsonNode spans) {
        List<JsonNode> sorted = new ArrayList<>();
        spans.forEach(sorted::add);
        if (sorted.isEmpty()) {
            throw StepFailure.unwanted("ref_exps names nothing");
        }
        sorted.sort(Comparator.comparingDouble(span -> span.path(0).asDouble()));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).path(0).asDouble() < sorted.get(i - 1).path(1).asDouble()) {
                throw StepFailure.unwanted("the spans of ref_exps overlap");
            }
        }
    }

    @Override
    public String words() {
        return "objects are the spans of the caption in ref_exps with their boxes";
    }
}
