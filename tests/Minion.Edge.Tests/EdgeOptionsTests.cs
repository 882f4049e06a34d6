using System.ComponentModel.DataAnnotations;

namespace Minion.Edge.Tests;

public sealed class EdgeOptionsTests
{
    [Fact]
    public void Five_megabytes_are_too_long_unless_it_is_set_otherwise() => new EdgeOptions().MaxRequestBytes.ShouldBeLessThan(5_000_000);

    [Fact]
    public void Settings_out_of_their_range_are_refused()
    {
        var wrong = new EdgeOptions { MaxRequestBytes = 1, MaxDepth = 1, MaxChoices = 0, MaxEmbeddingInputs = 0, KeepAliveSeconds = 0 };
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(wrong, new ValidationContext(wrong), found, validateAllProperties: true).ShouldBeFalse();
        found.Count.ShouldBe(5);
    }
}
