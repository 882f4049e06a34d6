using Minion.Testing.Ports;

namespace Minion.Cli.Tests;

/// <summary>Where nobody listens, for as long as the tests run.</summary>
internal static class Nobody
{
    private static readonly ReservedPort Port = new();

    public static string Address => Port.Url;
}
