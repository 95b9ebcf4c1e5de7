package io.apus.corpus.filter.text;

import io.apus.schemas.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The entries of a {@link BlocklistFilter}, ready to be looked for. */
final class Blocklist implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:https?://|\\bwww\\.)([a-z0-9.-]{1,253})([^\\s<>\"')\\]]{0,2000})", Pattern.CASE_INSENSITIVE);

    /** Phrases by the hash of their first word, each with its hash, number of words and origin. */
    private final HashMap<Long, ArrayList<Phrase>> phrases = new HashMap<>();

    private final HashMap<String, String> domains = new HashMap<>();
    private final HashMap<String, String> urls = new HashMap<>();
    private final ArrayList<Expression> expressions = new ArrayList<>();

    private record Phrase(long hash, int width, String origin) implements Serializable {}

    private record Expression(Pattern pattern, String origin) implements Serializable {}

    static Blocklist read(BlocklistFilter files) {
        Blocklist list = new Blocklist();
        ListFile.read(files.words()).forEach(line -> list.addPhrase(line.text(), origin(files.words(), line)));
        ListFile.read(files.regexes()).forEach(line -> list.addExpression(line.text(), origin(files.regexes(), line)));
        ListFile.read(files.urls())
                .forEach(line -> list.urls.putIfAbsent(bare(line.text()), origin(files.urls(), line)));
        ListFile.read(files.domains())
                .forEach(line -> list.domains.putIfAbsent(bare(line.text()), origin(files.domains(), line)));
        return list;
    }

    private static String origin(String path, ListFile.Line line) {
        return "line " + line.number() + " of "
                + path.substring(path.replace('\\', '/').lastIndexOf('/') + 1);
    }

    private void addPhrase(String text, String origin) {
        Words words = Words.of(text);
        if (words.count() == 0) {
            throw new UserError(
                    "Cannot use the blocklist",
                    origin + " has no word: " + text,
                    "Give regular expressions in regexes.");
        }
        Phrase phrase = new Phrase(words.ngram(0, words.count()), words.count(), origin);
        phrases.computeIfAbsent(words.hash(0), first -> new ArrayList<>()).add(phrase);
    }

    private void addExpression(String text, String origin) {
        try {
            expressions.add(new Expression(Pattern.compile(text, Pattern.UNICODE_CASE), origin));
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    "Cannot use the blocklist", origin + " is no regular expression: " + e.getDescription(), "", e);
        }
    }

    /** Without scheme, {@code www.} and a final slash; the host in lower case. */
    private static String bare(String url) {
        String rest = url.replaceFirst("(?i)^(https?://)?(www\\.)?", "").replaceFirst("/+$", "");
        int slash = rest.indexOf('/');
        return slash < 0
                ? rest.toLowerCase(Locale.ROOT)
                : rest.substring(0, slash).toLowerCase(Locale.ROOT) + rest.substring(slash);
    }

    /** What of a text is on the lists, for the reject's detail. */
    Optional<String> find(String text) {
        Optional<String> found = phrase(text);
        if (found.isEmpty() && !(urls.isEmpty() && domains.isEmpty())) {
            found = address(text);
        }
        return found.isPresent() ? found : expression(text);
    }

    private Optional<String> phrase(String text) {
        if (phrases.isEmpty()) {
            return Optional.empty();
        }
        Words words = Words.of(text);
        for (int i = 0; i < words.count(); i++) {
            for (Phrase phrase : phrases.getOrDefault(words.hash(i), new ArrayList<>(0))) {
                if (i + phrase.width() <= words.count() && words.ngram(i, phrase.width()) == phrase.hash()) {
                    return Optional.of(found(words.span(i, phrase.width()), phrase.origin()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> expression(String text) {
        for (Expression expression : expressions) {
            Matcher matcher = expression.pattern().matcher(text);
            if (matcher.find()) {
                return Optional.of(found(matcher.group(), expression.origin()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> address(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        while (matcher.find()) {
            String origin = under(bare(matcher.group(1)), '.', domains);
            if (origin == null) {
                origin = under(bare(matcher.group()), '/', urls);
            }
            if (origin != null) {
                return Optional.of(found(matcher.group(), origin));
            }
        }
        return Optional.empty();
    }

    /** The origin of the entry that covers {@code name}: domains cover from the right, addresses from the left. */
    private static String under(String name, char separator, Map<String, String> entries) {
        String rest = name;
        while (!rest.isEmpty()) {
            String origin = entries.get(rest);
            if (origin != null) {
                return origin;
            }
            int cut = separator == '.' ? rest.indexOf('.') : rest.lastIndexOf('/');
            if (cut < 0) {
                return null;
            }
            rest = separator == '.' ? rest.substring(cut + 1) : rest.substring(0, cut);
        }
        return null;
    }

    private static String found(String text, String origin) {
        String line = text.replaceAll("\\s+", " ");
        return "has \"" + (line.length() > 80 ? line.substring(0, 80) + "..." : line) + "\" (" + origin + ")";
    }
}
