package io.apus.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** How training went: the loss, then learning rate, speed and gradient norm in small, and all of it as a table. */
final class TrainingSection implements ReportSection {
    static final String SPEED = "tokens_per_second";
    private static final String STEP = "optimiser step";
    /** The table shows at most about this many steps. */
    private static final int TABLE_ROWS = 200;

    private record Column(String key, String title, Series.Look look) {
        Column(String key, String title) {
            this(key, title, Series.Look.NOISY);
        }
    }

    private static final List<Column> SMALL = List.of(
            new Column("learning_rate", "Learning rate", Series.Look.EXACT),
            new Column(SPEED, "Tokens per second"),
            new Column("grad_norm", "Gradient norm before clipping"),
            new Column("token_acc", "Token accuracy (training)"));

    private static final List<Column> TABLE = List.of(
            new Column("loss", "#loss"),
            new Column("eval_loss", "#eval loss"),
            new Column("learning_rate", "#learning rate"),
            new Column("grad_norm", "#gradient norm"),
            new Column("token_acc", "#token accuracy"),
            new Column(SPEED, "#tokens/s"));

    @Override
    public String title() {
        return "Training";
    }

    @Override
    public String explanation() {
        return "The loss is the mean negative log-likelihood of the tokens trained on: it should fall. When the held-out loss rises while the"
                + " training loss falls, the model has begun to learn the training data by heart.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !run.log().points("loss").isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        List<Series> loss = new ArrayList<>();
        loss.add(new Series("training", "s1", run.log().points("loss"), Series.Look.NOISY));
        List<Series.Point> held = run.log().points("eval_loss");
        if (!held.isEmpty()) {
            loss.add(new Series("held-out", "s2", held, Series.Look.DOTTED));
        }
        new LineChart("Loss (nats per token)", STEP, 960, 340, loss).write(html);
        html.open("div", "class", "multiples");
        for (Column column : SMALL) {
            List<Series.Point> points = run.log().points(column.key());
            if (!points.isEmpty()) {
                new LineChart(
                                column.title(),
                                STEP,
                                460,
                                220,
                                List.of(new Series(column.title(), "s1", points, column.look())))
                        .write(html);
            }
        }
        html.close();
        writeTable(run.log(), html);
    }

    private static void writeTable(TrainingLog log, Html html) {
        TreeMap<Double, String[]> rows = new TreeMap<>();
        for (int i = 0; i < TABLE.size(); i++) {
            for (Series.Point point : log.points(TABLE.get(i).key())) {
                rows.computeIfAbsent(point.x(), TrainingSection::emptyRow)[i + 1] = Numbers.decimal(point.y());
            }
        }
        html.open("details").element("summary", "The same as a table");
        List<String> headings = new ArrayList<>(List.of("#step"));
        TABLE.forEach(column -> headings.add(column.title()));
        Table table = Table.open(html, headings.toArray(String[]::new));
        int stride = (rows.size() + TABLE_ROWS - 1) / TABLE_ROWS;
        int index = 0;
        for (String[] row : rows.values()) {
            if (index++ % stride == 0 || index == rows.size()) {
                table.row(row);
            }
        }
        table.close();
        html.close();
    }

    private static String[] emptyRow(double step) {
        String[] row = new String[TABLE.size() + 1];
        java.util.Arrays.fill(row, "");
        row[0] = Numbers.whole((long) step);
        return row;
    }
}
