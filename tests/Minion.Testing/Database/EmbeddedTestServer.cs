namespace Minion.Testing.Database;

/// <summary>Starts PostgreSQL for this process.</summary>
internal static class EmbeddedTestServer
{
    public static Task<string> StartAsync() => throw new NotSupportedException("Set MINION_TEST_POSTGRES.");
}
