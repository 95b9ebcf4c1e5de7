package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code turns: {from, into, user, assistant}}: cuts a text into turns at the regular expressions that introduce them. The turns must alternate,
 * begin with the user and say something. */
public final class TurnsStep implements RowStep {
    private final String from;
    private final String into;
    private final Pattern markers;

    private TurnsStep(String from, String into, Pattern markers) {
        this.from = from;
        this.into = into;
        this.markers = markers;
    }

    public static RowStep of(StepOptions options) {
        options.only("from", "into", "user", "assistant");
        String markers = "(?<user>" + options.pattern("user") + ")|(?<assistant>" + options.pattern("assistant") + ")";
        return new TurnsStep(options.text("from"), options.text("into"), Pattern.compile(markers));
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        String text = RowPath.text(row, from).strip();
        ArrayNode turns = JsonNodeFactory.instance.arrayNode();
        Matcher marker = markers.matcher(text);
        String role = null;
        int begin = 0;
        while (marker.find()) {
            add(turns, role, text.substring(begin, marker.start()).strip());
            role = marker.group("user") == null ? "assistant" : "user";
            begin = marker.end();
        }
        add(turns, role, text.substring(begin).strip());
        row.set(into, turns);
    }

    private void add(ArrayNode turns, String role, String text) {
        if (role == null) {
            if (!text.isEmpty()) {
                throw StepFailure.broken(from + " begins with " + Words.quoted(text));
            }
            return;
        }
        if (!role.equals(turns.size() % 2 == 0 ? "user" : "assistant")) {
            throw StepFailure.broken("turn " + turns.size() + " of " + from + " is the " + role + "'s");
        }
        if (text.isEmpty()) {
            throw StepFailure.broken("turn " + turns.size() + " of " + from + " is empty");
        }
        turns.addObject().put("role", role).put("content", text);
    }

    @Override
    public String words() {
        return into + " are the turns in the text " + from;
    }
}
