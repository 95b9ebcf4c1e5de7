package io.apus.corpus.ingest;

import java.util.Locale;

/** Why ingestion refuses a row; {@link #code()} is what stands in the column {@code reason} of the table {@code rejects}. */
public enum Refusal {
    /** The text is not JSON, or the JSON array breaks off here: the rest of the file is one refused row. */
    BROKEN_JSON,
    /** A CSV row has more or fewer fields than the header, or breaks the rules of quoting. */
    RAGGED_ROW,
    /** The JSON is a number, text or list where an object with columns is needed. */
    NOT_AN_OBJECT,
    /** No column, or no two columns together, make a conversation; or its list of messages is empty. */
    NO_MESSAGES,
    /** A message is not an object, or has no role or no content. */
    BAD_MESSAGE,
    /** A role that is not one of the known ones. */
    UNKNOWN_ROLE,
    /** A content or answer that is neither text nor a list of content blocks of known types. */
    CONTENT_NOT_TEXT,
    /** {@code history} is not a list of pairs of texts. */
    BAD_HISTORY,
    /** The dispreferred answer is missing, is not text or messages, or says the same as the chosen one. */
    BAD_REJECTED,
    /** {@code positive_messages} or {@code negative_messages} is not a list of conversations. */
    BAD_MESSAGE_GROUPS,
    /** {@code tools} is neither a list nor the JSON text of one. */
    BAD_TOOLS,
    /** A medium that names nothing, a block without its medium, or more tags in the text than media. */
    BAD_MEDIA,
    /** {@code objects} has boxes that are none, or fewer entries than the text has tags. */
    BAD_OBJECTS,
    /** {@code margin} is not a number. */
    BAD_MARGIN,
    /** A sound row that {@code #N} or {@code interleave_prob} left out; used by the stage, never by the mapper. */
    NOT_SAMPLED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
