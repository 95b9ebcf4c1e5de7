package io.apus.eval.report;

import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes {@code report.html}: one file that needs neither network nor script, about whatever stages of the run are committed. */
public final class Report {
    private static final List<ReportSection> SECTIONS = List.of(
            new TrainingSection(),
            new EvaluationSection(),
            new SamplesSection(),
            new DataSection(),
            new TokensSection(),
            new RejectsSection(),
            new ExportSection(),
            new StagesSection(),
            new ConfigurationSection());

    private Report() {}

    /** Writes the report of the run; calling it again after another stage brings it up to date. */
    public static void write(RunLayout layout) {
        AtomicFile.write(layout.report(), render(RunFacts.read(layout)).getBytes(StandardCharsets.UTF_8));
    }

    static String render(RunFacts run) {
        Html html = new Html();
        html.open("html", "lang", "en").open("head");
        html.leaf("meta", "charset", "utf-8");
        html.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.leaf("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", run.name() + " · Apus report")
                .style(stylesheet())
                .close()
                .line();
        html.open("body").open("main");
        Header.write(run, html);
        for (ReportSection section : SECTIONS) {
            if (section.isPresent(run)) {
                html.line().open("section");
                html.element("h2", section.title()).element("p", section.explanation(), "class", "lead");
                section.write(run, html);
                html.close();
            }
        }
        html.line().close().close().close();
        return "<!doctype html>\n" + html + "\n";
    }

    private static String stylesheet() {
        try (InputStream css = Report.class.getResourceAsStream("report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
