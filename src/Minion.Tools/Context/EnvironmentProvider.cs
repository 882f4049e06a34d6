using System.Globalization;
using System.Runtime.InteropServices;

namespace Minion.Tools.Context;

/// <summary>Tells when and where the run takes place.</summary>
internal sealed class EnvironmentProvider(TimeProvider time)
{
    public ContextSection Tell()
    {
        var now = time.GetUtcNow();
        return new ContextSection(
            "Surroundings:",
            [
                $"Date: {now.ToString("dddd, yyyy-MM-dd", CultureInfo.InvariantCulture)}; time when this run began: {now.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC",
                $"Time zone of the server: {time.LocalTimeZone.Id}",
                $"System of the server: {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
            ]);
    }
}
