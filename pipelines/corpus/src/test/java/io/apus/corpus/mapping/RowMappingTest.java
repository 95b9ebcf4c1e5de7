package io.apus.corpus.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.PythonLiteral;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import io.apus.corpus.mapping.step.StepFailure;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.MappingStep;
import io.apus.schemas.data.Reject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowMappingTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void valuesKeepTheirTypesAndTextsAreFilled() throws JsonProcessingException {
        MappingStep set = new MappingStep(
                "set",
                Map.of(
                        "made",
                        List.of("$info.size", "...$turns", "{{{info.name}}} of {info.size}{gone?} {turns}", true, 7)));

        assertThat(mapped("{'info': {'name': 'x', 'size': 3}, 'turns': [1, {'a': 'b'}]}", set)
                        .get("made")
                        .toString())
                .isEqualTo("[3,1,{\"a\":\"b\"},\"{x} of 3 [1, {\\\"a\\\": \\\"b\\\"}]\",true,7]");
        assertThatThrownBy(() -> mapped("{}", set))
                .isInstanceOf(StepFailure.class)
                .hasMessage("the row has no info.size");
    }

    @Test
    void renamesFindColumnsInAnyCaseAndRivalsCancelEachOtherOut() throws JsonProcessingException {
        MappingStep rename = new MappingStep("rename", Map.of("ask", "query", "one", "two", "other", "two"));

        assertThat(mapped("{'Ask': 1, 'query': 2, 'one': 3, 'other': 4}", rename)
                        .toString())
                .isEqualTo("{\"query\":1,\"one\":3,\"other\":4}");
    }

    @Test
    void everythingWrongWithAMappingIsSaidAtOnce() {
        List<MappingStep> steps = List.of(
                new MappingStep("renam", Map.of("a", "b")),
                new MappingStep("replace", Map.of("column", "a", "pattern", "(")),
                new MappingStep("choose", Map.of("into", "a", "form", "b")),
                new MappingStep("when", Map.of("if", Map.of("column", "a"), "then", List.of())));

        assertThatThrownBy(() -> RowMapping.of(steps))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(
                        "Did you mean \"rename\"?",
                        "pattern is no regular expression",
                        "it has no option \"form\", did you mean \"from\"?",
                        "a condition needs equals");
    }

    @Test
    void drawsDependOnThePlaceOfTheRowAlone() throws JsonProcessingException {
        RowMapping mapping =
                RowMapping.of(List.of(new MappingStep("pick", Map.of("into", "a", "of", List.of("x", "y", "z")))));
        Set<String> drawn = new TreeSet<>();
        for (long row = 0; row < 30; row++) {
            ObjectNode once = object("{}");
            ObjectNode again = object("{}");
            mapping.apply(once, row);
            mapping.apply(again, row);
            assertThat(once).isEqualTo(again);
            drawn.add(once.get("a").textValue());
        }
        assertThat(drawn).containsExactly("x", "y", "z");
    }

    @Test
    void refusedRowsKeepTheirTextAndRowsThatStandForSeveralAreNumberedInARow() {
        List<MappingStep> steps = List.of(
                new MappingStep("each", Map.of("column", "who", "values", List.of("a", "b"))),
                new MappingStep("drop_if", Map.of("column", "text", "equals", "no")),
                new MappingStep("set", Map.of("query", "{who}: {text}", "response", "$answer")));
        MappedRows rows = new MappedRows(RowMapping.of(steps), new RowMapper(Map.of())::map);
        List<RawRow> stored = List.of(
                row(0, "{\"text\": \"yes\", \"answer\": \"so\"}"),
                row(1, "{\"text\": \"no\", \"answer\": \"so\"}"),
                row(2, "{\"text\": \"yes\", \"answer\": 5}"),
                row(3, "broken"));
        List<String> outcomes = new ArrayList<>();
        rows.views(stored.iterator()).forEachRemaining(row -> {
            Mapped mapped = rows.apply(row);
            if (mapped instanceof Mapped.Refused refused) {
                Reject reject = refused.reject();
                assertThat(reject.raw())
                        .isEqualTo(stored.get((int) reject.key().row() / 2).text());
                outcomes.add(reject.key().row() + " " + reject.reason());
            } else {
                outcomes.add(((Mapped.Kept) mapped).sample().key().row() + " kept");
            }
        });

        assertThat(outcomes)
                .containsExactly(
                        "0 kept",
                        "1 kept",
                        "2 filtered_by_mapping",
                        "3 filtered_by_mapping",
                        "4 content_not_text",
                        "5 content_not_text",
                        "6 broken_json",
                        "7 broken_json");
    }

    @Test
    void pythonLiteralsAreReadStrictlyAndMendedOnlyBetweenObjects() {
        assertThat(PythonLiteral.parseOrNull("{'a': (1, -2.50, None), 'b': \"it's \\u00e9\\n\"}"))
                .hasToString("{\"a\":[1,-2.50,null],\"b\":\"it's é\\n\"}");
        assertThat(PythonLiteral.parseOrNull("[{'a': 1}\n {'a': 2}]")).isNull();
        assertThat(PythonLiteral.mendedOrNull("[{'a': '} {'}\n {'a': 2}]")).hasToString("[{\"a\":\"} {\"},{\"a\":2}]");
        for (String text : List.of("", "[", "[1 2]", "{1: 2}", "__import__('os')", "'cut", "[".repeat(5000))) {
            assertThat(PythonLiteral.mendedOrNull(text)).as(text).isNull();
        }
    }

    private static RawRow row(long number, String text) {
        return new RawRow("d", 0, number, "d:" + number, text, null, "");
    }

    private static ObjectNode mapped(String row, MappingStep... steps) throws JsonProcessingException {
        ObjectNode object = object(row);
        RowMapping.of(List.of(steps)).apply(object, 0);
        return object;
    }

    private static ObjectNode object(String row) throws JsonProcessingException {
        return (ObjectNode) JSON.readTree(row.replace('\'', '"'));
    }
}
