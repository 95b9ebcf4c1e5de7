package io.apus.spark.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ui.JettyUtils;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.util.kvstore.KVStore;
import scala.Option;
import scala.xml.Unparsed;

/**
 * The tab "Training" of Spark's pages, and the same as JSON at {@code training/json}.
 *
 * <p>Spark's page class names the servlet API, whose package changed between Spark 3 and 4. Handlers whose types the compiler infers do
 * not, so that the same source compiles against both.
 */
final class TrainingTab extends SparkUITab {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "training";
    private static final String RUN = "run";

    private final SparkUI ui;
    private final KVStore store;

    private TrainingTab(SparkUI ui) {
        super(ui, PREFIX);
        this.ui = ui;
        this.store = ui.store().store();
    }

    /** Adds the tab to {@code ui} unless it is there. */
    static void attach(SparkUI ui) {
        if (ui.getTabs().exists(tab -> tab instanceof TrainingTab)) {
            return;
        }
        TrainingTab tab = new TrainingTab(ui);
        ui.attachTab(tab);
        String base = ui.getBasePath();
        ui.attachHandler(JettyUtils.createServletHandler(
                "/" + PREFIX,
                new JettyUtils.ServletParams<String>(
                        request -> "<!DOCTYPE html>"
                                + UIUtils.headerSparkPage(
                                                request,
                                                tab.title(request.getParameter(RUN)),
                                                () -> new Unparsed(tab.page(request.getParameter(RUN))),
                                                tab,
                                                Option.empty(),
                                                false,
                                                false)
                                        .mkString(),
                        "text/html;charset=utf-8",
                        text -> text),
                ui.conf(),
                base));
        ui.attachHandler(JettyUtils.createServletHandler(
                "/" + PREFIX + "/json",
                new JettyUtils.ServletParams<String>(
                        request -> tab.json(request.getParameter(RUN)), "application/json;charset=utf-8", text -> text),
                ui.conf(),
                base));
    }

    /** Adds the tab if the application has trained at all. */
    static void attachIfTrained(SparkUI ui) {
        if (!runs(ui.store().store()).isEmpty()) {
            attach(ui);
        }
    }

    private String title(String wanted) {
        return chosen(runs(store), wanted)
                .map(run -> run.facts().get("name"))
                .map(name -> "Training: " + name)
                .orElse("Training");
    }

    private String page(String wanted) {
        List<TrainingRun> runs = runs(store);
        return chosen(runs, wanted)
                .map(run -> new TrainingPage(runs, run, ui.sc().isDefined()).html())
                .orElse("<p>No run has reported anything yet.</p>");
    }

    private String json(String wanted) {
        try {
            return JSON.writeValueAsString(chosen(runs(store), wanted).orElse(null));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run is plain data", e);
        }
    }

    private static List<TrainingRun> runs(KVStore store) {
        List<TrainingRun> runs = new ArrayList<>();
        try {
            store.view(TrainingRun.class).forEach(runs::add);
        } catch (Exception e) {
            throw new IllegalStateException("Spark's store of this application cannot be read", e);
        }
        runs.sort(Comparator.comparingLong(TrainingRun::begun));
        return runs;
    }

    /** The run of that key, or the last one. */
    private static Optional<TrainingRun> chosen(List<TrainingRun> runs, String wanted) {
        return runs.stream()
                .filter(run -> run.run().equals(wanted))
                .findFirst()
                .or(() -> runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1)));
    }
}
