package io.apus.corpus.tokenize.bpe.split;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the part of Oniguruma's regular expressions that tokenizers are split with: sets of characters with quantifiers, alternatives,
 * groups, letters without regard to case, looking ahead. Anything else is refused rather than guessed.
 */
final class PatternParser {
    /** Two letters that, without regard to case, match nothing but themselves: no letter such as ß stands for any of them. */
    private static final Set<String> PLAIN_PAIRS = Set.of("ll", "ve", "re");

    private final Cursor cursor;
    private final Alphabet alphabet;

    private PatternParser(Cursor cursor, Alphabet alphabet) {
        this.cursor = cursor;
        this.alphabet = alphabet;
    }

    static Part.Group parse(String pattern, Alphabet alphabet) throws NotSupported {
        PatternParser parser = new PatternParser(new Cursor(pattern), alphabet);
        List<List<Part>> branches = parser.branches(false);
        if (!parser.cursor.isAtEnd()) {
            throw parser.cursor.refusal("a bracket too many");
        }
        return new Part.Group(branches, false);
    }

    /** A pattern that matches one text alone. */
    static Part.Group literal(String text, Alphabet alphabet) {
        List<Part> parts = new ArrayList<>();
        text.codePoints().forEach(c -> {
            BitSet set = new BitSet();
            set.set(c);
            parts.add(new Part.Characters(alphabet.add(set), 1, 1, false));
        });
        return new Part.Group(List.of(parts), false);
    }

    private List<List<Part>> branches(boolean ignoresCase) throws NotSupported {
        List<List<Part>> branches = new ArrayList<>();
        do {
            List<Part> parts = new ArrayList<>();
            StringBuilder letters = new StringBuilder();
            while (!cursor.isAtEnd() && !cursor.sees("|") && !cursor.sees(")")) {
                parts.add(part(ignoresCase, letters));
            }
            branches.add(parts);
        } while (cursor.takes("|"));
        return branches;
    }

    private Part part(boolean ignoresCase, StringBuilder letters) throws NotSupported {
        if (cursor.takes("(?!")) {
            return new Part.Ahead(new Part.Group(closed(ignoresCase), false), false);
        }
        if (cursor.takes("(?=")) {
            return new Part.Ahead(new Part.Group(closed(ignoresCase), false), true);
        }
        if (cursor.takes("(?i:")) {
            return group(closed(true));
        }
        if (cursor.takes("(?:") || (!cursor.sees("(?") && cursor.takes("("))) {
            return group(closed(ignoresCase));
        }
        return characters(ignoresCase, letters);
    }

    private List<List<Part>> closed(boolean ignoresCase) throws NotSupported {
        cursor.beginGroup();
        List<List<Part>> branches = branches(ignoresCase);
        if (!cursor.takes(")")) {
            throw cursor.refusal("an open bracket");
        }
        return branches;
    }

    private Part group(List<List<Part>> branches) throws NotSupported {
        boolean isOptional = cursor.takes("?");
        if (cursor.sees("?") || cursor.sees("*") || cursor.sees("+") || cursor.sees("{")) {
            throw cursor.refusal("a repeated group");
        }
        return new Part.Group(branches, isOptional);
    }

    private Part characters(boolean ignoresCase, StringBuilder letters) throws NotSupported {
        for (String special : List.of("(", ".", "^", "$", "*", "+", "?", "{")) {
            if (cursor.sees(special)) {
                throw cursor.refusal("the operator " + special);
            }
        }
        BitSet set = new SetParser(cursor, ignoresCase).read();
        if (ignoresCase) {
            requirePlain(set, letters);
        }
        return quantified(alphabet.add(set));
    }

    /** Case folding knows letters that stand for two or three others. */
    private void requirePlain(BitSet set, StringBuilder letters) throws NotSupported {
        boolean isLetter = set.get(0, 0x80).stream().anyMatch(Character::isLetter);
        letters.append(
                isLetter
                        ? (char) set.stream()
                                .filter(Character::isLowerCase)
                                .findFirst()
                                .orElse('?')
                        : '\'');
        String pair = letters.substring(Math.max(0, letters.length() - 2));
        if (isLetter && pair.length() == 2 && pair.charAt(0) != '\'' && !PLAIN_PAIRS.contains(pair)) {
            throw cursor.refusal("the letters " + pair + " without regard to case");
        }
    }

    private Part quantified(int set) throws NotSupported {
        int least = 1;
        int most = 1;
        boolean isCounted = false;
        if (cursor.takes("?")) {
            least = 0;
        } else if (cursor.takes("*")) {
            least = 0;
            most = Integer.MAX_VALUE;
        } else if (cursor.takes("+")) {
            most = Integer.MAX_VALUE;
        } else if (cursor.takes("{")) {
            String[] bounds = cursor.until('}').split(",", -1);
            least = number(bounds[0]);
            most = bounds.length == 1 ? least : bounds[1].isEmpty() ? Integer.MAX_VALUE : number(bounds[1]);
            isCounted = true;
        }
        boolean isQuantified = least != 1 || most != 1;
        boolean isPossessive = isQuantified && !isCounted && cursor.takes("+");
        if (cursor.sees("?") || cursor.sees("*") || cursor.sees("+") || cursor.sees("{")) {
            throw cursor.refusal("a quantifier of a quantifier");
        }
        return new Part.Characters(set, least, most, isPossessive);
    }

    private int number(String digits) throws NotSupported {
        if (!digits.matches("[0-9]{1,4}")) {
            throw cursor.refusal("an unusual count");
        }
        return Integer.parseInt(digits);
    }
}
