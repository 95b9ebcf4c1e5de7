package io.apus.corpus.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the post-processor of a tokenizer.json puts around a single text, such as {@code [CLS]} before and {@code [SEP]} behind it: what the
 * tokenizers library adds with {@code add_special_tokens}.
 */
public final class SpecialFrame {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** One special token with its segment. */
    private record Piece(int id, int typeId) {}

    private final List<Piece> before = new ArrayList<>();
    private final List<Piece> behind = new ArrayList<>();
    private int textTypeId;

    private SpecialFrame() {}

    /**
     * Reads a tokenizer.json.
     *
     * @throws UserError when the file cannot be read or its post-processor is of an unknown type
     */
    public static SpecialFrame read(Path tokenizerJson) {
        SpecialFrame frame = new SpecialFrame();
        try (JsonParser parser = MAPPER.getFactory().createParser(tokenizerJson.toFile())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isProcessor = parser.getCurrentName().equals("post_processor");
                parser.nextToken();
                if (isProcessor) {
                    frame.add(MAPPER.readTree(parser));
                } else {
                    parser.skipChildren();
                }
            }
            return frame;
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the post-processor of " + tokenizerJson,
                    String.valueOf(e.getMessage()),
                    "Check the file.",
                    e);
        }
    }

    /** Processors of a sequence wrap what those before them made. */
    private void add(JsonNode processor) throws IOException {
        if (processor.isNull()) {
            return;
        }
        String type = processor.path("type").asText();
        switch (type) {
            case "ByteLevel" -> {}
            case "Sequence" -> {
                for (JsonNode inner : processor.path("processors")) {
                    add(inner);
                }
            }
            case "BertProcessing", "RobertaProcessing" -> {
                before.add(0, new Piece(processor.path("cls").path(1).asInt(), 0));
                behind.add(new Piece(processor.path("sep").path(1).asInt(), 0));
            }
            case "TemplateProcessing" -> template(processor);
            default -> throw new IOException("its type \"" + type + "\" is not known");
        }
    }

    private void template(JsonNode processor) {
        List<Piece> pieces = new ArrayList<>();
        boolean isBehind = false;
        for (JsonNode part : processor.path("single")) {
            JsonNode special = part.path("SpecialToken");
            if (special.isMissingNode()) {
                before.addAll(0, pieces);
                pieces.clear();
                isBehind = true;
                textTypeId = part.path("Sequence").path("type_id").asInt();
                continue;
            }
            String name = special.path("id").asText();
            int typeId = special.path("type_id").asInt();
            processor
                    .path("special_tokens")
                    .path(name)
                    .path("ids")
                    .forEach(id -> pieces.add(new Piece(id.asInt(), typeId)));
        }
        if (isBehind) {
            behind.addAll(pieces);
        }
    }

    /** The ids of a text, length T, with the special tokens around them. */
    public int[] ids(int[] text) {
        int[] framed = new int[before.size() + text.length + behind.size()];
        for (int i = 0; i < before.size(); i++) {
            framed[i] = before.get(i).id();
        }
        System.arraycopy(text, 0, framed, before.size(), text.length);
        for (int i = 0; i < behind.size(); i++) {
            framed[before.size() + text.length + i] = behind.get(i).id();
        }
        return framed;
    }

    /** The segment of each token of a framed text of {@code length} tokens of its own. */
    public int[] typeIds(int length) {
        int[] framed = new int[before.size() + length + behind.size()];
        Arrays.fill(framed, textTypeId);
        for (int i = 0; i < before.size(); i++) {
            framed[i] = before.get(i).typeId();
        }
        for (int i = 0; i < behind.size(); i++) {
            framed[before.size() + length + i] = behind.get(i).typeId();
        }
        return framed;
    }
}
