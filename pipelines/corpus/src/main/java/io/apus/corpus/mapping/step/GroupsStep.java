package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@code groups: {from, into, role}}: makes a conversation of one turn of each text of a list, or of the only text. */
public final class GroupsStep implements RowStep {
    private final String from;
    private final String into;
    private final String role;

    private GroupsStep(String from, String into, String role) {
        this.from = from;
        this.into = into;
        this.role = role;
    }

    public static RowStep of(StepOptions options) {
        options.only("from", "into", "role");
        return new GroupsStep(options.text("from"), options.text("into"), options.text("role", "user"));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        JsonNode value = RowPath.need(row, from);
        ArrayNode groups = row.putArray(into);
        for (JsonNode text : value.isArray() ? value : List.of(value)) {
            if (!text.isTextual()) {
                throw StepFailure.broken(from + " holds " + text + ", no text");
            }
            groups.addArray().addObject().put("role", role).put("content", text.textValue());
        }
    }

    @Override
    public String words() {
        return into + " has one turn of the " + role + " for each text of " + from;
    }
}
