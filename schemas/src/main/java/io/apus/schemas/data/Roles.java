package io.apus.schemas.data;

import java.util.Set;

/** The roles that a {@link Message} can have after ingestion. */
public final class Roles {
    public static final String SYSTEM = "system";
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";
    public static final String TOOL_CALL = "tool_call";
    public static final String TOOL_RESPONSE = "tool_response";

    public static final Set<String> ALL = Set.of(SYSTEM, USER, ASSISTANT, TOOL_CALL, TOOL_RESPONSE);

    private Roles() {}
}
