namespace Minion.Crash.Serving;

/// <summary>The table in which the tools count their calls by key: a row for each call that was made.</summary>
internal static class CountedCalls
{
    public const string Read = "count_read";
    public const string Put = "count_put";
    public const string Add = "count_add";

    /// <summary>Not under the tenants' policies: the harness has one tenant, and looks at it as a superuser.</summary>
    public const string Create =
        """
        CREATE SCHEMA crash;
        CREATE TABLE crash.calls (id bigint GENERATED ALWAYS AS IDENTITY, tool text NOT NULL, key text NOT NULL, text text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE INDEX ON crash.calls (key);
        CREATE INDEX ON crash.calls (text);
        GRANT USAGE ON SCHEMA crash TO PUBLIC;
        GRANT INSERT ON crash.calls TO PUBLIC;
        """;

    /// <summary>$1 tool, $2 key, $3 text.</summary>
    public const string Insert = "INSERT INTO crash.calls (tool, key, text) VALUES ($1, $2, $3)";
}
