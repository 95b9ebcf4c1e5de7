package io.apus.eval.report;

import java.util.List;

/** A table; a heading that starts with "#" is one of numbers, set to the right, and with "~" one of free text, broken anywhere. */
final class Table {
    private static final String NUMERIC = "#";
    private static final String FREE = "~";

    private final Html html;
    private final List<String> headings;

    private Table(Html html, List<String> headings) {
        this.html = html;
        this.headings = headings;
    }

    static Table open(Html html, String... headings) {
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String heading : headings) {
            String style = style(heading);
            html.element("th", style.isEmpty() ? heading : heading.substring(1), "class", style, "scope", "col");
        }
        html.close().close().open("tbody");
        return new Table(html, List.of(headings));
    }

    Table row(String... cells) {
        html.open("tr");
        for (int i = 0; i < cells.length; i++) {
            html.element("td", cells[i], "class", style(headings.get(i)));
        }
        html.close().line();
        return this;
    }

    private static String style(String heading) {
        if (heading.startsWith(NUMERIC)) {
            return "num";
        }
        return heading.startsWith(FREE) ? "free" : "";
    }

    void close() {
        html.close().close().close();
    }
}
