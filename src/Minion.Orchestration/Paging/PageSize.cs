using Minion.Contracts.Faults;

namespace Minion.Orchestration.Paging;

/// <summary>How many rows a page may have.</summary>
internal static class PageSize
{
    public const int Default = 50;
    public const int Most = 200;

    public static int Read(int asked, Violations violations, string field = "page_size", int most = Most, int byDefault = Default)
    {
        violations.Check(asked >= 0 && asked <= most, field, $"must be from 1 to {most}, or 0 for {byDefault}, not {asked}.");
        return asked == 0 ? byDefault : Math.Clamp(asked, 1, most);
    }
}
