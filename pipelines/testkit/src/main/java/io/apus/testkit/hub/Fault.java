package io.apus.testkit.hub;

/** What a {@link LoopbackHub} does instead of a plain answer. */
public sealed interface Fault {
    /** Announces the whole length and closes the connection after {@code bytes} of the body. */
    record CutAfter(int bytes) implements Fault {}

    /** Sends bytes of the right length, one of them changed. */
    record WrongBytes() implements Fault {}

    /** Announces and sends {@code more} bytes too many, or too few where negative. */
    record WrongLength(int more) implements Fault {}

    /** Answers {@code status}; with {@code Retry-After} where {@code retryAfter} is not empty. */
    record Status(int status, String retryAfter) implements Fault {}

    /** Redirects to {@code location}, as it is written. */
    record Redirect(String location) implements Fault {}

    /** Ignores {@code Range} and sends the whole file. */
    record NoRanges() implements Fault {}

    /** Answers the headers and then nothing, until the hub closes. */
    record Silence() implements Fault {}

    /** Sends {@code name: value} beside the usual headers. */
    record Header(String name, String value) implements Fault {}
}
