namespace Minion.Models.Cache;

/// <summary>Chooses where answers are shared, by what the host has.</summary>
internal static class SharedStore
{
    public static ICacheStore? Of(IServiceProvider host) => null;
}
