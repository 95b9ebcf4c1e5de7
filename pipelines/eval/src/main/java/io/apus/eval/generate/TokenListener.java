package io.apus.eval.generate;

/** Is told each token as soon as it is chosen. */
@FunctionalInterface
public interface TokenListener {
    /**
     * A token was chosen.
     *
     * @param request index of the request in its list
     * @param id the token; stop ids are not reported
     */
    void token(int request, int id);

    static TokenListener none() {
        return (request, id) -> {};
    }
}
