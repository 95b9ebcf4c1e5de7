package io.apus.corpus.jinja;

/** Letter case and padding, keeping origins. */
final class TextCases {
    private TextCases() {}

    /** First character in upper case, the rest in lower case. */
    static CharSequence capitalize(CharSequence text) {
        if (text.length() == 0) {
            return text;
        }
        int first = CodePoints.offset(text, 1);
        return new TextBuilder()
                .append(Text.upper(Text.part(text, 0, first)))
                .append(Text.lower(Text.part(text, first, text.length())))
                .build();
    }

    /** Python's {@code str.title}: upper case for every letter that follows a character that is not a letter. */
    static CharSequence title(CharSequence text) {
        TextBuilder out = new TextBuilder();
        boolean insideWord = false;
        for (Object item : Values.items(text)) {
            CharSequence character = (CharSequence) item;
            out.append(insideWord ? Text.lower(character) : Text.upper(character));
            insideWord = Character.isLetter(Character.codePointAt(character, 0));
        }
        return out.build();
    }

    static CharSequence swap(CharSequence text) {
        return Text.map(text, piece -> {
            StringBuilder out = new StringBuilder();
            piece.codePoints()
                    .forEach(c -> out.appendCodePoint(
                            Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)));
            return out.toString();
        });
    }

    /** Fills to a width: '<' keeps the text left, '>' right, '^' in the middle. */
    static CharSequence pad(Context context, CharSequence text, int width, String fill, char side) {
        int missing = width - CodePoints.length(text);
        if (missing <= 0) {
            return text;
        }
        context.budget().text((long) missing * fill.length());
        int before = side == '>' ? missing : side == '<' ? 0 : missing / 2 + (missing & width & 1);
        return new TextBuilder()
                .append(fill.repeat(before))
                .append(text)
                .append(fill.repeat(missing - before))
                .build();
    }
}
