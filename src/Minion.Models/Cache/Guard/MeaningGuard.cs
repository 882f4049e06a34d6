namespace Minion.Models.Cache;

internal static class MeaningGuard
{
    public static bool Agrees(string a, string b) => a.Length > 0 && b.Length > 0;
}
