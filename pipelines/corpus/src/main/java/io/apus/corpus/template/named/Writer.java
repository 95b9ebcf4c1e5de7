package io.apus.corpus.template.named;

import io.apus.corpus.template.Rendered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes rounds into the frame of a template, and notes where the assistant's texts stand. */
final class Writer {
    private final NamedTemplate template;
    private final Style style;
    private final Setting setting;
    private final List<String> stopWords;
    private final String date;
    private final StringBuilder text = new StringBuilder();
    private final List<Rendered.Turn> turns = new ArrayList<>();

    Writer(NamedTemplate template, Style style, Setting setting, List<String> stopWords, String date) {
        this.template = template;
        this.style = style;
        this.setting = setting;
        this.stopWords = stopWords;
        this.date = date;
    }

    Rendered write(String system, List<Round> all) {
        boolean isSingle = template.chatSep() == null && all.size() > 1;
        List<Round> rounds = isSingle ? all.subList(all.size() - 1, all.size()) : all;
        boolean hasSystem = system != null && !system.isEmpty();
        boolean isPostponed = template.postSystemPrompt() != null;
        text.append(Marks.fill(
                hasSystem && !isPostponed ? template.systemPrefix() : template.prefix(),
                Map.of("SYSTEM", hasSystem ? system : "", "DATE", date)));
        for (int i = 0; i < rounds.size(); i++) {
            Round round = rounds.get(i);
            boolean isLast = i == rounds.size() - 1;
            boolean takesSystem = isPostponed && hasSystem && isLast;
            prompt(
                    round,
                    takesSystem ? template.postSystemPrompt() : template.prompt(),
                    Map.of(
                            "SYSTEM", hasSystem ? system : "",
                            "QUERY", round.given(),
                            "ROUND0", String.valueOf(i),
                            "ROUND1", String.valueOf(i + 1)));
            if (!round.said().isEmpty()) {
                said(round);
                end(isLast ? null : rounds.get(i + 1));
            }
        }
        return new Rendered(text.toString(), turns);
    }

    private void prompt(Round round, String frame, Map<String, String> texts) {
        String prompt = round.isFromTools() ? round.given() : Marks.fill(frame, texts);
        boolean isGoingOn = round.said().isEmpty();
        if (isGoingOn) {
            prompt += responsePrefix();
        }
        text.append(style.beforeAnswer(
                prompt, isGoingOn ? null : round.said().get(0).content()));
    }

    private String responsePrefix() {
        if (setting.isTraining()) {
            return "";
        }
        String byThinking = setting.thinks() ? template.thinkingPrefix() : template.nonThinkingPrefix();
        return setting.text("response_prefix", byThinking);
    }

    private void said(Round round) {
        for (Round.Said said : round.said()) {
            int start = text.length();
            text.append(said.content());
            turns.add(new Rendered.Turn(said.first(), said.last(), start, text.length()));
        }
    }

    /** What follows the assistant's text; the suffix, where it begins with that, belongs to the turn. */
    private void end(Round next) {
        int end = text.length();
        if (next == null) {
            boolean isEnded = stopWords.stream()
                    .anyMatch(text.substring(turns.get(turns.size() - 1).start())::endsWith);
            text.append(setting.isTraining() && !isEnded ? template.suffix() : "");
        } else if (next.isFromTools()) {
            learn(next.given().startsWith(template.suffix()), end);
            return;
        } else {
            text.append(template.chatSep());
        }
        learn(text.substring(end).startsWith(template.suffix()), end);
    }

    private void learn(boolean isSuffix, int end) {
        Rendered.Turn turn = turns.remove(turns.size() - 1);
        int suffixEnd = end + (isSuffix ? template.suffix().length() : 0);
        turns.add(new Rendered.Turn(turn.firstMessage(), turn.lastMessage(), turn.start(), end, suffixEnd));
    }
}
