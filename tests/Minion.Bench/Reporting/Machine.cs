using System.Runtime.InteropServices;

namespace Minion.Bench.Reporting;

/// <summary>What the figures were measured on; nothing that says whose it is.</summary>
internal sealed record Machine(int Cores, double MemoryGb, string System, string Runtime, double? LoadBefore)
{
    public static Machine This() => new(
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        $"{(OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsMacOS() ? "macOS" : "Windows")} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) : null);

    public override string ToString() =>
        $"{Cores} cores, {MemoryGb:0} GB, {System}, {Runtime}" + (LoadBefore is { } load ? $", load {load:0.0} before the first figure" : "");
}
