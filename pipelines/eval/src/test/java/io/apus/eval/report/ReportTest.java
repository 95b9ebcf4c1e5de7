package io.apus.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.manifest.RunLayout;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
    @TempDir
    Path folder;

    @Test
    void showsEveryNumberOfTheRun() throws IOException {
        String html = report(MadeRun.write(folder.resolve("quickstart")));
        assertThat(html)
                .contains("quickstart", "quickstart-nano", "Qwen3ForCausalLM", "3,412,992", "2026-11-21 02:45:00 UTC")
                .contains("2 min 32 s")
                .contains("512", "broken_json 7, unknown_role 5", "exact_duplicate 6", "over_long 2", "97.7 %")
                .contains("28,345", "12,907", "441", "96.3 %", "31,245", "0.973")
                .contains("0.713", "2.041", "83.1 %", "62.5 %", "56.3 %", "1,311")
                .contains("What is 3 + 4?", "3 + 4 is 8.", "3 + 4 is 7.", "✓ right", "✗ differs")
                .contains("unexpected end of input at column 31", "facts.jsonl:17")
                .contains("Training samples as tokens", "quickstart:31 · 14 tokens, 5 trained on")
                .contains("class=\"token more\" title=\"weight 2\">&lt;tool_call&gt;</span>")
                .contains("ingest.option", "value of ingest", "held-out", "Learning rate", "Tokens per second");
    }

    @Test
    void escapesWhateverTheDataHolds() throws IOException {
        String html = report(MadeRun.write(folder));
        assertThat(html)
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;");
    }

    @Test
    void needsNeitherNetworkNorScript() throws IOException {
        String html = report(MadeRun.write(folder));
        assertThat(html)
                .doesNotContain("http:", "https:", "@import", "url(", "src=", "href=", "<link", "onload", "<iframe");
    }

    @Test
    void isWellFormed() throws Exception {
        String html = report(MadeRun.write(folder));
        String markup = html.replace("<!doctype html>", "").replaceFirst("(?s)<style>.*</style>", "");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(markup)));
        assertThat(html).doesNotContain("NaN", "null");
    }

    @Test
    void isBroughtUpToDateWhenTheExportIsCommitted() throws IOException {
        RunLayout layout = MadeRun.write(folder);
        assertThat(report(layout)).doesNotContain("Exports");
        MadeRun.export(layout);
        assertThat(report(layout))
                .contains("Exports", "gguf_q8_0", "mean KL", "1.23e-04", "0.0200", "0.996", "5.0 MiB")
                .contains("is 0.0456 nats (mean KL) from the one that was trained", "at 0.875 of");
    }

    @Test
    void aRunThatHasOnlyBegunHasAReportToo() throws IOException {
        RunLayout layout = MadeRun.write(folder);
        Files.delete(layout.trainLog());
        Files.delete(ReportData.file(layout.report()));
        Files.delete(layout.manifest("evaluate"));
        Files.delete(layout.manifest("train"));
        assertThat(report(layout)).contains("Data", "broken_json 7").doesNotContain("Sample generations");
        assertThat(report(new RunLayout(folder.resolve("empty")))).contains("empty");
    }

    private static String report(RunLayout layout) throws IOException {
        Report.write(layout);
        return Files.readString(layout.report());
    }
}
