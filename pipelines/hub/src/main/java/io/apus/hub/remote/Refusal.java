package io.apus.hub.remote;

import io.apus.hub.http.StatusException;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.RepoKind;
import io.apus.schemas.UserError;

/**
 * What a hub's refusal means to the user.
 *
 * @param hub its name in a sentence
 * @param tokenVariable where a token comes from
 * @param hasToken whether one was sent
 */
record Refusal(String hub, String tokenVariable, boolean hasToken) {
    UserError of(RepoId id, String revision, StatusException answer) {
        String problem = "Cannot get the " + id + " from " + hub;
        String said = answer.said().isEmpty() ? "" : " (\"" + answer.said() + "\")";
        if (answer.code().equals("RevisionNotFound")) {
            return new UserError(
                    problem,
                    "it has no revision \"" + revision + "\"",
                    "Leave --revision out for the default.",
                    answer);
        }
        if (answer.code().equals("GatedRepo")) {
            return new UserError(
                    problem,
                    "it is gated" + said,
                    "Ask for access on its page, then " + token("of the account that was granted it"),
                    answer);
        }
        return switch (answer.status()) {
            case 401, 403 ->
                new UserError(
                        problem,
                        "it is private, gated or absent" + said,
                        spelling(id) + token("that may read it"),
                        answer);
            case 404 ->
                new UserError(
                        problem,
                        "it is not there" + said,
                        spelling(id) + "If it is private, " + token("that may read it"),
                        answer);
            case 429 ->
                new UserError(
                        problem,
                        "there were too many requests" + said,
                        "Wait, or " + token("for higher limits"),
                        answer);
            default -> new UserError(problem, "the hub answered " + answer.status() + said, "Try again later.", answer);
        };
    }

    private static String spelling(RepoId id) {
        RepoKind other = id.kind() == RepoKind.MODEL ? RepoKind.DATASET : RepoKind.MODEL;
        return "Check the spelling, the hub (hf:: or ms::) and that it is not a " + other.word() + ". ";
    }

    private String token(String of) {
        return (hasToken ? "check that " + tokenVariable + " is a token " : "set " + tokenVariable + " to a token ")
                + of + ".";
    }
}
