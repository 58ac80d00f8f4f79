import "@fontsource-variable/archivo/wdth.css";
import "@fontsource-variable/jetbrains-mono";
import DefaultTheme from "vitepress/theme";
import "./style.css";

export default DefaultTheme;
