namespace Minion.Tools.Browser;

/// <summary>Finds programs where the system keeps them.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable"];

    /// <exception cref="BrowserUnavailableException">There is none.</exception>
    public static string Find(string configured)
    {
        if (configured.Length > 0)
        {
            return File.Exists(configured)
                ? configured
                : throw new BrowserUnavailableException($"{BrowserOptions.Section}:Executable is '{configured}', which does not exist.");
        }

        return Names.Select(OnPath).FirstOrDefault(path => path is not null)
            ?? throw new BrowserUnavailableException(
                $"Chromium is not installed. Install it (on Debian: apt-get install chromium), or set {BrowserOptions.Section}:Executable.");
    }

    /// <summary>The path of a program on PATH; null when there is none.</summary>
    public static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}

/// <summary>There is no browser, or it cannot be started safely.</summary>
/// <param name="message">Why, and what to do; sentences for a person.</param>
/// <param name="inner">What happened.</param>
internal sealed class BrowserUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
