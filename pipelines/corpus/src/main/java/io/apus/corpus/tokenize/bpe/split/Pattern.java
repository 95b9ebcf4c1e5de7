package io.apus.corpus.tokenize.bpe.split;

import java.util.ArrayList;
import java.util.List;

/** A regular expression over UTF-16 text in which all surrogates are paired. Safe for use by several threads. */
final class Pattern {
    private final Node start;

    private Pattern(Node start) {
        this.start = start;
    }

    /** The regular expression of that text. */
    static Pattern of(String regex) throws NotSupported {
        Alphabet alphabet = new Alphabet();
        return of(PatternParser.parse(regex, alphabet), alphabet);
    }

    /** Matches one text alone. */
    static Pattern literal(String text) throws NotSupported {
        Alphabet alphabet = new Alphabet();
        return of(PatternParser.literal(text, alphabet), alphabet);
    }

    private static Pattern of(Part.Group group, Alphabet alphabet) throws NotSupported {
        Node start = node(group, alphabet, Node.END);
        if ((start.first() & 1L << (Alphabet.SURROGATE - 1)) != 0) {
            throw new NotSupported("its pattern matches nothing at all");
        }
        return new Pattern(start);
    }

    private static Node node(Part part, Alphabet alphabet, Node next) throws NotSupported {
        if (part instanceof Part.Characters set) {
            return new Repeat(
                    alphabet.letters(), alphabet.mask(set.set()), set.least(), set.most(), set.isPossessive(), next);
        }
        if (part instanceof Part.Ahead ahead) {
            return new LookAhead(node(ahead.group(), alphabet, Node.END), ahead.isWanted(), next);
        }
        Part.Group group = (Part.Group) part;
        List<Node> branches = new ArrayList<>();
        for (List<Part> parts : group.branches()) {
            Node branch = next;
            for (int i = parts.size() - 1; i >= 0; i--) {
                branch = node(parts.get(i), alphabet, branch);
            }
            branches.add(branch);
        }
        if (group.isOptional()) {
            branches.add(next);
        }
        return branches.size() == 1 ? branches.get(0) : new Choice(alphabet.letters(), branches);
    }

    /** Where a match that begins at {@code at} ends, -1 where none does; nothing from {@code end} on is looked at. */
    int match(char[] text, int at, int end) {
        return start.match(text, at, end);
    }
}
