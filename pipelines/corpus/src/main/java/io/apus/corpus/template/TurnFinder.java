package io.apus.corpus.template;

import io.apus.corpus.jinja.TracedText;
import io.apus.corpus.jinja.TracedText.Piece;
import io.apus.corpus.template.Traces.Range;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the assistant's turns in the output of any template, without knowing the template.
 *
 * <p>The renderer tells for each character whether it comes from a message's own strings and in which message's loop pass it was
 * written, so nothing is ever searched for in the text and no content can be mistaken for structure. A turn begins where the prompt
 * for it ends: the messages before it are rendered once more with the generation prompt, and what that rendering shows between the
 * last message's content and its end is the prompt. A template without a generation prompt shows its header as what all turns of the
 * assistant begin with. A turn ends at the last character, other than whitespace, that the template wrote while it handled the message,
 * or at an end-of-sequence token that follows at once.
 */
final class TurnFinder {
    /** The template variable of the end-of-sequence token. */
    static final String EOS = "eos_token";

    /** Renders messages with their traces. */
    @FunctionalInterface
    interface Tracer {
        TracedText trace(List<Map<String, Object>> messages, boolean addGenerationPrompt);
    }

    private final Traces full;
    private final TemplateMessages messages;
    private final Tracer tracer;
    private final String eos;

    TurnFinder(TracedText full, TemplateMessages messages, Tracer tracer, String eos) {
        this.full = new Traces(full);
        this.messages = messages;
        this.tracer = tracer;
        this.eos = eos;
    }

    /** The turns that have any text, in order. */
    List<Rendered.Turn> turns() {
        List<Rendered.Turn> turns = new ArrayList<>();
        int previousEnd = 0;
        for (int message = 0; message < messages.maps().size(); message++) {
            if (!messages.isAssistant(message)) {
                continue;
            }
            Range owned = full.owned(message);
            Range content = full.content(message, owned);
            if (owned.isNone() && content.isNone()) {
                continue;
            }
            int start = Math.max(previousEnd, start(message, owned, content));
            int end = end(message, owned, content, start);
            if (start < end) {
                turns.add(new Rendered.Turn(messages.first(message), messages.last(message), start, end));
                previousEnd = end;
            }
        }
        return turns;
    }

    private int start(int message, Range owned, Range content) {
        int bound = content.isNone() ? owned.end() : content.start();
        Traces prompt = traceOrNull(messages.maps().subList(0, message), true);
        if (prompt == null) {
            return afterHeader(message, owned, bound, owned.isNone() ? bound : owned.start());
        }
        Piece last = full.lastContentBefore(bound, message);
        Piece promptLast = prompt.lastContentBefore(prompt.text().length(), message);
        if (last.item() == promptLast.item()) {
            int anchor = last.end();
            int promptAnchor = promptLast.end();
            String before = full.text().substring(anchor, bound);
            String asked = prompt.text().substring(promptAnchor);
            if (before.startsWith(asked)) {
                int end = anchor + asked.length();
                boolean isWhole = full.text().substring(end, bound).isBlank() || asks(message, prompt);
                return isWhole ? end : afterHeader(message, owned, bound, end);
            }
        }
        int ownStart = owned.isNone() ? bound : owned.start();
        String suffix = generationPrompt(message, prompt);
        if (!suffix.isEmpty()
                && ownStart + suffix.length() <= bound
                && full.text().startsWith(suffix, ownStart)) {
            return ownStart + suffix.length();
        }
        return afterHeader(message, owned, bound, ownStart);
    }

    private boolean asks(int message, Traces prompt) {
        return prompt.hasUnownedTail() || !generationPrompt(message, prompt).isEmpty();
    }

    /** What add_generation_prompt appends behind the messages before this one. */
    private String generationPrompt(int message, Traces prompt) {
        Traces plain = traceOrNull(messages.maps().subList(0, message), false);
        boolean isExtended = plain != null && prompt.text().startsWith(plain.text());
        return isExtended ? prompt.text().substring(plain.text().length()) : "";
    }

    /** For a template that has no generation prompt: behind what a probe turn, put in the place of this one, begins with as well. */
    private int afterHeader(int message, Range owned, int bound, int start) {
        List<Map<String, Object>> maps = new ArrayList<>(messages.maps().subList(0, message));
        maps.add(Map.of("role", "assistant", "content", "a"));
        Traces probe = traceOrNull(maps, false);
        int base = owned.isNone() ? start : owned.start();
        if (probe == null || base > bound) {
            return bound;
        }
        Range probeOwned = probe.owned(message);
        Range probeContent = probe.content(message, probeOwned);
        if (probeContent.isNone() || (probeOwned.isNone() && !owned.isNone())) {
            return bound;
        }
        int probeBase = owned.isNone()
                ? probe.lastContentBefore(probeContent.start(), message).end()
                : probeOwned.start();
        String header = commonStart(
                full.text().substring(base, bound), probe.text().substring(probeBase, probeContent.start()));
        return header.isBlank() ? start : Math.max(start, base + header.length());
    }

    private static String commonStart(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return a.substring(0, length);
    }

    private int end(int message, Range owned, Range content, int start) {
        int from = Math.max(start, content.end());
        int next = full.nextContentAfter(from, message);
        int limit =
                owned.isNone() || next < owned.end() ? limitByPrefix(message, from, next) : Math.max(from, owned.end());
        int end = limit;
        while (end > from && Character.isWhitespace(full.text().charAt(end - 1))) {
            end--;
        }
        return throughEos(end, next);
    }

    /** Where the turn's text ends when it is the last one, for templates that write several messages in one pass. */
    private int limitByPrefix(int message, int from, int next) {
        Traces prefix = traceOrNull(messages.maps().subList(0, message + 1), false);
        Range content = prefix == null ? Range.NONE : prefix.content(message, Range.NONE);
        if (content.isNone()) {
            return from;
        }
        String after = prefix.text().substring(content.end());
        return from + commonStart(full.text().substring(from, next), after).length();
    }

    /** An end-of-sequence token behind nothing but whitespace belongs to the turn. */
    private int throughEos(int end, int next) {
        int extended = end;
        for (Piece piece : full.traced().pieces()) {
            if (piece.end() <= end || piece.start() >= next) {
                continue;
            }
            String text = full.text().substring(Math.max(end, piece.start()), piece.end());
            if (EOS.equals(piece.mark())) {
                extended = piece.end();
            } else if (!text.isBlank()) {
                String ahead = text.stripLeading();
                boolean isWritten = eos != null && !eos.isEmpty() && piece.owner() < 0 && ahead.startsWith(eos);
                return isWritten ? piece.end() - ahead.length() + eos.length() : extended;
            }
        }
        return extended;
    }

    private Traces traceOrNull(List<Map<String, Object>> maps, boolean addGenerationPrompt) {
        try {
            return new Traces(tracer.trace(maps, addGenerationPrompt));
        } catch (UserError refused) {
            return null;
        }
    }
}
