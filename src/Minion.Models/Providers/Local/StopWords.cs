using System.Collections.Frozen;

namespace Minion.Models.Providers.Local;

/// <summary>English words that carry a sentence's form more than its matter.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> All = (
        "a an the of to in on for at by with from as and or but if then so is are was were be been being am do does did done doing have has had having "
        + "i you he she it we they me him her us them my your his its our their this that these those there here what which who whom whose when where why how "
        + "can could will would shall should may might must not no nor than too very just about into over under again once also some any each all both more most "
        + "other such only own same s t re ve ll d m don doesn didn isn aren wasn weren won wouldn couldn shouldn haven hasn hadn now get got one")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string word) => All.Contains(word);
}
