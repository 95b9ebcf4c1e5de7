package io.apus.jobs.data.preview;

import io.apus.corpus.tokenize.TokenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a row's tokens with their weights: in colour, or as lines of one weight each with · between tokens. */
final class TokenPainter {
    private final boolean isColoured;

    TokenPainter(boolean isColoured) {
        this.isColoured = isColoured;
    }

    /** What the colours mean; empty without colours. */
    String legend() {
        if (!isColoured) {
            return "";
        }
        StringBuilder legend = new StringBuilder("weight:");
        for (WeightClass each : WeightClass.values()) {
            legend.append("  ").append(each.painted(each.label(), false));
        }
        return legend.toString();
    }

    List<String> lines(List<TokenText> tokens) {
        List<String> lines = new ArrayList<>(isColoured ? coloured(tokens) : plain(tokens));
        lines.add(totals(tokens));
        return lines;
    }

    private static List<String> coloured(List<TokenText> tokens) {
        StringBuilder text = new StringBuilder();
        boolean isOther = false;
        for (TokenText token : tokens) {
            String[] parts = shown(token.text()).split("\n", -1);
            for (int i = 0; i < parts.length; i++) {
                text.append(i > 0 ? "\n" : "");
                text.append(
                        parts[i].isEmpty() ? "" : WeightClass.of(token.weight()).painted(parts[i], isOther));
            }
            isOther = !isOther;
        }
        return List.of(text.toString().split("\n", -1));
    }

    private static List<String> plain(List<TokenText> tokens) {
        List<String> lines = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            TokenText token = tokens.get(i);
            run.append(run.length() > 0 ? "·" : "").append(shown(token.text()).replace("\n", ""));
            boolean ends = i + 1 == tokens.size() || tokens.get(i + 1).weight() != token.weight();
            if (ends) {
                lines.add(String.format(Locale.ROOT, "%6s  %s", number(token.weight()), run));
                run.setLength(0);
            }
        }
        return lines;
    }

    /** A line break is shown and kept; other control characters, which could steer a terminal, are not printed. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> shown.append("⏎\n");
                case '\t' -> shown.append('⇥');
                default -> shown.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        return shown.toString();
    }

    private static String totals(List<TokenText> tokens) {
        int all = 0;
        int trained = 0;
        double weight = 0;
        for (TokenText token : tokens) {
            all += token.tokens();
            trained += token.weight() > 0 ? token.tokens() : 0;
            weight += (double) token.weight() * token.tokens();
        }
        return all + " tokens, " + trained + " trained on, weights add up to " + number(weight);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
