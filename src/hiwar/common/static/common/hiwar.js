const remember = (theme) => {
  document.cookie = `hiwar_theme=${theme}; path=/; max-age=31536000; samesite=lax`;
};

document.addEventListener("click", (event) => {
  const open = document.querySelectorAll("details.menu[open]");
  for (const menu of open) if (!menu.contains(event.target)) menu.open = false;
});
