using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources;

public sealed class ToolNamesTests
{
    [Theory]
    [InlineData("listPets", "shop_list_pets")]
    [InlineData("getUserByID", "shop_get_user_by_id")]
    [InlineData("HTMLPage", "shop_html_page")]
    [InlineData("GET /pets/{petId}", "shop_get_pets_pet_id")]
    [InlineData("__x--y__", "shop_x_y")]
    [InlineData("v2Users", "shop_v2_users")]
    [InlineData("日本語", "shop")]
    public void A_name_is_made_to_fit(string tool, string expected) => ToolNames.Of("shop", [tool])[tool].ShouldBe(expected);

    [Fact]
    public void Names_that_clash_or_are_too_long_end_in_letters_that_depend_on_nothing_else()
    {
        var longName = new string('a', 90);
        var names = ToolNames.Of("shop", ["getPet", "get-pet", longName, "other"]);

        names.Values.Distinct().Count().ShouldBe(4);
        names.Values.ShouldAllBe(name => name.Length <= 64);
        names["other"].ShouldBe("shop_other");
        names["getPet"].ShouldStartWith("shop_get_pet_");
        ToolNames.Of("shop", [longName])[longName].ShouldBe(names[longName]);
        ToolNames.Of("shop", ["get-pet", "getPet"])["getPet"].ShouldBe(names["getPet"]);
    }
}
