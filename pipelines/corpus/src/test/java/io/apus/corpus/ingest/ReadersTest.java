package io.apus.corpus.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private static List<String> texts(DataFormat format, String text) {
        return Rows.read(format, text).stream().map(RawRow::text).toList();
    }

    @Test
    void jsonLinesKeepBrokenLinesAndSkipBlankOnes() {
        List<RawRow> rows = Rows.read(DataFormat.JSON_LINES, "\uFEFF{\"a\":1}\n\n  \nbroken\r\n{\"a\":2}");
        assertThat(rows).extracting(RawRow::text).containsExactly("{\"a\":1}", "broken", "{\"a\":2}");
        assertThat(rows).extracting(RawRow::row).containsExactly(0L, 1L, 2L);
        assertThat(rows).extracting(RawRow::source).containsExactly("data.file:1", "data.file:4", "data.file:5");
    }

    @Test
    void everyLineOfPlainTextIsADocument() {
        assertThat(texts(DataFormat.TEXT, "one \"quoted\"\n\ntwo\n"))
                .containsExactly("{\"text\":\"one \\\"quoted\\\"\"}", "{\"text\":\"two\"}");
    }

    @Test
    void theElementsOfAnArrayKeepTheTextTheyWereWrittenIn() {
        assertThat(texts(DataFormat.JSON, "\n[ {\"a\": 1.50},\n {\"b\": [1, {\"c\": \"]\"}]} , \"x\", 7 ]\n"))
                .containsExactly("{\"a\": 1.50}", "{\"b\": [1, {\"c\": \"]\"}]}", "\"x\"", "7");
        assertThat(Rows.read(DataFormat.JSON, "[]")).isEmpty();
        assertThat(Rows.read(DataFormat.JSON, "")).isEmpty();
    }

    @Test
    void rowsBeforeABreakAreKeptAndTheRestIsOneRefusedRow() {
        for (String end : new String[] {"{\"a\": ,}, {\"a\":3}]", "{\"a\":", "", "] more", "{\"a\":2}} , {\"a\":3}]"}) {
            List<RawRow> rows = Rows.read(
                    DataFormat.JSON, "[{\"a\":0},\n{\"a\":1}" + (end.startsWith("]") ? "" : ",") + "\n" + end);
            long kept = rows.stream().filter(row -> row.refusal() == null).count();
            assertThat(kept).as(end).isGreaterThanOrEqualTo(2);
            assertThat(rows.get(rows.size() - 1).refusal()).as(end).isEqualTo("broken_json");
            assertThat(rows).as(end).hasSize((int) kept + 1);
        }
    }

    @Test
    void aLongArrayIsReadInOrderAcrossBuffers() {
        StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < 5000; i++) {
            array.append(i == 0 ? "" : ",")
                    .append("{\"n\": ")
                    .append(i)
                    .append(", \"t\": \"")
                    .append("é".repeat(i % 97))
                    .append("\"}");
        }
        List<RawRow> rows = Rows.read(DataFormat.JSON, array.append("]").toString());
        assertThat(rows).hasSize(5000);
        IntStream.range(0, 5000).forEach(i -> assertThat(rows.get(i).text())
                .isEqualTo("{\"n\": " + i + ", \"t\": \"" + "é".repeat(i % 97) + "\"}"));
    }

    @Test
    void aJsonFileMayHoldJsonLinesOrOneObject() {
        assertThat(texts(DataFormat.JSON, "{\"a\":1}\nbroken\n{\"a\":2}\n"))
                .containsExactly("{\"a\":1}", "broken", "{\"a\":2}");
        assertThat(texts(DataFormat.JSON, "{\n \"a\": 1\n}\n{\n \"a\": 2\n}"))
                .containsExactly("{\n \"a\": 1\n}", "{\n \"a\": 2\n}");
    }

    @Test
    void csvKeepsFieldsAsTheyStand() {
        assertThat(texts(DataFormat.CSV, "\uFEFFquery,response\nNA,\"a, \"\"b\"\"\nnext\"\n,null\n"))
                .containsExactly(
                        "{\"query\":\"NA\",\"response\":\"a, \\\"b\\\"\\nnext\"}",
                        "{\"query\":\"\",\"response\":\"null\"}");
    }

    @Test
    void raggedCsvRowsAreRefusedOneByOne() {
        List<RawRow> rows = Rows.read(DataFormat.CSV, "query,response\na,b\nc\nd,e,f\ng,h\n");
        assertThat(rows).extracting(RawRow::refusal).containsExactly(null, "ragged_row", "ragged_row", null);
        assertThat(rows.get(2).text()).isEqualTo("[\"d\",\"e\",\"f\"]");
        assertThat(rows.get(2).source()).isEqualTo("data.file:4");
    }

    @Test
    void aQuoteThatIsNeverClosedDoesNotSwallowRowsInSilence() {
        List<RawRow> rows = Rows.read(DataFormat.CSV, "query,response\na,\"two\nlines\"\nb,\"open\nc,d\ne,f\n");
        assertThat(rows).extracting(RawRow::refusal).containsExactly(null, "ragged_row");
        assertThat(rows.get(1).detail()).contains("never closed");
        assertThat(rows.get(1).text()).contains("e,f");
    }

    @Test
    void aCsvColumnNamedTwiceIsTheUsersMistake() {
        assertThatThrownBy(() -> Rows.read(DataFormat.CSV, "a,a\n1,2\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("\"a\" twice");
    }

    @Test
    void formatsAreToldByTheEnding() {
        assertThat(DataFormat.of("x/y.JSONL")).isEqualTo(DataFormat.JSON_LINES);
        assertThatThrownBy(() -> DataFormat.of("rows.jsn"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nearest is json");
    }
}
